"""Purpose-bound use: views and extracts; plan and apply them, tell stores what people chose, detect drift."""

from belofte.purposes.projecting import project, project_everyone

__all__ = ["project", "project_everyone"]
