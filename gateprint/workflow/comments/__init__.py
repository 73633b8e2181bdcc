"""The one comment that a pull or merge request has of gateprint, on GitHub and on GitLab."""
