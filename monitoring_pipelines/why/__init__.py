"""Why a model's performance changed: who came, or how it did with them."""
