"""What a user writes in `assets/`: the components that `dg` lists."""

from monitoring_pipelines.components.monitored_model import MonitoredModel as MonitoredModel
from monitoring_pipelines.components.monitoring import Monitoring as Monitoring
