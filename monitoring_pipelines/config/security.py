"""What is watched for attacks and leaks; all that the columns allow, unless it says otherwise."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from monitoring_pipelines.config.section import Section
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.security.canaries import is_long_enough


class SecurityColumns(Section):
    """Roles of columns of the prediction log that only security needs.

    A column that is named like its role plays it without being listed here.
    """

    text_in: str | None = None
    """What a user wrote, or the prompt."""
    text_out: str | None = None
    """What the model answered."""
    text_context: str | None = None
    """What tools or a search put in: documents and results, which nobody trusts."""
    end_user: str | None = None
    """Person that the answer went to."""
    principal: str | None = None
    """Who called: a user, a service, a customer."""
    api_key: str | None = None
    """Key, or its hash, that was used."""
    ip: str | None = None
    """Address that the call came from."""
    cost: str | None = None
    """Cost of a call; `cost_usd` plays it, too."""
    tokens: str | None = None
    """Tokens of a call; `input_tokens` plays it, too."""
    status: str | None = None
    """HTTP status or code of an error; `error_class` and `http_status` play it, too."""
    sequence: str | None = None
    """A number that goes up by one with every row."""
    guardrail_verdict: str | None = None
    """`detected` or `clear`: what a guardrail saw."""
    guardrail_action: str | None = None
    """`blocked`, `masked`, `intervened` or `none`: what it did."""
    guardrail_categories: str | None = None
    """What it saw, by name."""
    guardrail_raw: str | None = None
    """Whether the log holds in the clear what a guardrail masked or blocked."""
    label_source: str | None = None
    """Who gave a label: a source, an annotator. A column of the labels, which need `available_at`
    and a place of their own."""
    refusal: str | None = None
    """Whether the model refused."""


class Runtime(Section):
    """Where an agent acts from, as an audit log has it. What is not named may be anything."""

    addresses: tuple[str, ...] = ()
    """Addresses, and names of services that act for it, such as bedrock-agentcore.amazonaws.com."""
    user_agents: tuple[str, ...] = ()
    """Beginnings of user agents, such as Boto3/."""

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        if not self.addresses and not self.user_agents:
            raise ConfigError("An agent's runtime needs `addresses` or `user_agents`.")


class Audit(Section):
    """Audit logs: of OpenAI, AWS CloudTrail, or Azure's activity and audit logs."""

    location: str
    """Path, glob or URL of files, such as s3://trail/AWSLogs/**/*.json.gz."""
    agents: dict[str, Runtime] = Field(default_factory=dict)
    """Identities of agents (ARN of a role or user, id of a service account or key), each with where
    it acts from."""


class Tools(Section):
    """What tools of an agent are for, by name; `signals.tools` lists those that it may use."""

    decoys: tuple[str, ...] = ()
    """Tools that are offered only to see who calls them."""
    egress: tuple[str, ...] | None = None
    """Tools that send something out; by default those whose names say so, such as send_email."""
    requires_approval: tuple[str, ...] = ()
    """Tools that need a person's approval before, in the same task."""
    approvals: tuple[str, ...] = ()
    """Tools whose success is such an approval, such as ask_human."""


class Artefacts(Section):
    """Files of the model: compared with approved hashes, and looked into without loading them."""

    files: tuple[str, ...] = Field(min_length=1)
    """Paths or globs from the project folder, such as models/*.joblib."""
    manifest: str | None = None
    """File beside this one with the approved hashes, as `sha256sum models/*` writes them in the
    project folder."""
    allow: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.\w+)+$")], ...] = ()
    """Exact names of own classes that a file may use, such as risk.features.Encoder."""


class Security(Section):
    """Signals of attacks and leaks. `security: off` leaves them out with their asset."""

    profile: Literal["standard", "off"] = "standard"
    """Which signals run: all that the columns allow, or none."""
    columns: SecurityColumns = Field(default_factory=SecurityColumns)
    """Roles of columns."""
    texts: tuple[str, ...] | None = None
    """Further columns that are scanned for personal data and secrets; by default every column of
    text that plays no role. An empty list scans none."""
    artefacts: Artefacts | None = None
    """Files of the model."""
    audit: Audit | None = None
    """Who changed guardrails, logs, keys and allow-lists."""
    tools: Tools = Field(default_factory=Tools)
    """Tools of an agent."""
    canaries: tuple[str, ...] = ()
    """Tokens that stand in a prompt or a document only to be seen where they leak, such as
    `"{{ env.CANARY }}"`; at least eight letters and digits."""
    system_prompt: str | None = None
    """File with the system prompt, beside this one, to find answers that tell it."""
    hosts: tuple[str, ...] = ()
    """Hosts that answers may link to with a query; their subdomains are among them."""
    signals: dict[str, Literal["off", "warn"]] = Field(default_factory=dict)
    """By id, such as {SEC-08: warn}: not run, or never more than a warning."""
    tolerances: dict[str, float] = Field(default_factory=dict)
    """By id: the rise of a share, or the factor over the usual, from which it matters."""

    @model_validator(mode="before")
    @classmethod
    def _profile(cls, data: Any) -> Any:
        if data is False:  # YAML 1.1 reads a bare `off` so
            return {"profile": "off"}
        return {"profile": data} if isinstance(data, str) else data

    @field_validator("profile", mode="before")
    @classmethod
    def _off(cls, value: Any) -> Any:
        return "off" if value is False else value

    @field_validator("signals", mode="before")
    @classmethod
    def _off_by_id(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: "off" if one is False else one for key, one in value.items()}

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        short = [token for token in self.canaries if not is_long_enough(token)]
        if any("{{" not in token for token in short):
            raise ConfigError("A canary needs at least eight letters and digits.")
        if not self.signals and not self.tolerances:
            return
        from monitoring_pipelines.security.signals import SIGNALS  # heavy: only when named

        for name in self.signals:
            SIGNALS[name]  # says what is known
        for name, tolerance in self.tolerances.items():
            if SIGNALS[name].tolerance is None:
                raise ConfigError(f"{name} has no tolerance: one finding is enough.")
            if not tolerance > 0:
                raise ConfigError(f"The tolerance of {name} has to be above 0, not {tolerance}.")

    @property
    def is_on(self) -> bool:
        """Whether any signal runs."""
        return self.profile != "off"

    @property
    def is_audited(self) -> bool:
        """Whether it tells who changed a log, which a rule of governance asks for."""
        return self.is_on and self.audit is not None and "SEC-23" not in self.off

    @property
    def off(self) -> frozenset[str]:
        """Ids of the signals that do not run."""
        return frozenset(name for name, how in self.signals.items() if how == "off")

    @property
    def warns(self) -> frozenset[str]:
        """Ids of the signals that are never more than a warning."""
        return frozenset(name for name, how in self.signals.items() if how == "warn")
