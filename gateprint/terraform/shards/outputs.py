"""A manifest for the engines that start the machines: GitHub, GitLab and Kubernetes; pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from gateprint.errors import ToolFailed
from gateprint.terraform.shards.manifest import Manifest, Shard, manifest_json

MOST_GITHUB_JOBS = 256
"""A matrix has at most 256 jobs (GitHub, "Running variations of jobs in a workflow")."""
MOST_PODS_AT_ONCE = 20
LARGEST_CONFIG_MAP_BYTES = 1_000_000
"""A ConfigMap holds 1 MiB in all (Kubernetes, "ConfigMaps")."""
# What a pod may use; plans of a few stacks at once are within it.
_RESOURCES = {"requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"memory": "4Gi"}}
_SECONDS_TO_STOP = 600
_SECONDS_TO_KEEP = 86_400
_USER = 1000
_LABELS = {"app.kubernetes.io/name": "gateprint"}

Phase = Literal["plan", "apply"]


@dataclass(frozen=True, slots=True)
class Target:
    """What the jobs do, and with what.

    `environment` is the one to plan, whose state bucket also keeps the bundles; None leaves it to
    GATEPRINT_ENVIRONMENT. `image` has gateprint and the project in it.
    """

    phase: Phase = "plan"
    environment: str | None = None
    image: str = "gateprint:latest"


def github(manifest: Manifest) -> str:
    """Return lines for $GITHUB_OUTPUT.

    `matrix` has a job for each shard, `rest` those after the first, which is applied before them;
    a workflow may not have a matrix without jobs, so `rest` is to be used where `number` is not 1.

    Raises:
        ToolFailed: GitHub makes no matrix of so many jobs.
    """
    if manifest.number > MOST_GITHUB_JOBS:
        raise ToolFailed(
            f"{manifest.number:,} shards, and a matrix of GitHub has at most {MOST_GITHUB_JOBS}",
            f"make {MOST_GITHUB_JOBS} shards or fewer; each plans several stacks at once",
        )
    lines = {
        "matrix": _matrix(manifest, manifest.shards),
        "rest": _matrix(manifest, manifest.shards[1:]),
        "number": str(manifest.number),
        "manifest": manifest.digest,
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def _matrix(manifest: Manifest, shards: Iterable[Shard]) -> str:
    include = [
        {
            "shard": f"{each.index}/{manifest.number}",
            "index": each.index,
            "stacks": len(each.stacks),
        }
        for each in shards
    ]
    return json.dumps({"include": include}, separators=(",", ":"))


def gitlab(manifest: Manifest, target: Target) -> str:
    """Return a child pipeline: a job for each shard.

    shards.json is an artifact of the job `shards` of the parent, whose id the trigger hands over
    as PARENT_PIPELINE_ID. Applies wait for that of the first shard. The reports are artifacts, and
    nothing else is: a saved plan holds secrets.
    """
    jobs = {_job(each, manifest): _gitlab_job(each, manifest, target) for each in manifest.shards}
    return _yaml([{"stages": [target.phase], **jobs}])


def _job(shard: Shard, manifest: Manifest) -> str:
    return f"shard {shard.index} of {manifest.number}"


def _gitlab_job(shard: Shard, manifest: Manifest, target: Target) -> dict[str, Any]:
    needs: list[dict[str, Any]] = [{"pipeline": "$PARENT_PIPELINE_ID", "job": "shards"}]
    choice = f"{shard.index}/{manifest.number}"
    group = {}
    if target.phase == "apply":
        # Of two pipelines that apply the same shard, the second waits.
        group = {"resource_group": f"gateprint-{target.environment or 'all'}-{shard.index}"}
        if shard.index > 1:
            needs.append({"job": _job(manifest.shard(1), manifest), "artifacts": False})
    return {
        "stage": target.phase,
        "image": target.image,
        "needs": needs,
        **group,
        "script": _script(target, "shards.json", choice, "run"),
        "artifacts": {
            "when": "always",
            "expire_in": "30 days",
            "paths": ["run/report.json", "run/report.xml"],
            "reports": {"junit": "run/report.xml"},
        },
    }


def kubernetes(manifest: Manifest, target: Target) -> str:
    """Return the manifest as a ConfigMap, and Indexed Jobs.

    A plan is one Job. An apply is two: of the first shard, and of the others; the second is
    created suspended, to be resumed when the first is complete. No credentials are in it: the
    service account `gateprint` has them. Pods are not restarted: somebody looks first.

    Raises:
        ToolFailed: no ConfigMap holds so many stacks.
    """
    every = range(1, manifest.number + 1)
    documents = [_config_map(manifest)]
    if target.phase == "plan":
        documents.append(_indexed_job(manifest, target, "plan", every))
        return _yaml(documents)
    documents.append(_indexed_job(manifest, target, "apply-first", every[:1]))
    if every[1:]:
        rest = _indexed_job(manifest, target, "apply-rest", every[1:])
        rest["spec"]["suspend"] = True
        documents.append(rest)
    return _yaml(documents)


def _short(manifest: Manifest) -> str:
    return manifest.digest[:10]


def _config_map(manifest: Manifest) -> dict[str, Any]:
    text = manifest_json(manifest)
    if len(text) > LARGEST_CONFIG_MAP_BYTES:
        raise ToolFailed(
            f"shards.json has {len(text):,} bytes, and a ConfigMap of Kubernetes holds 1 MiB",
            "make one manifest for each environment",
        )
    name = f"gateprint-shards-{_short(manifest)}"
    metadata = {"name": name, "labels": _LABELS}
    data = {"shards.json": text}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def _indexed_job(manifest: Manifest, target: Target, what: str, indexes: range) -> dict[str, Any]:
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": f"gateprint-{what}-{_short(manifest)}", "labels": _LABELS},
        "spec": {
            "completionMode": "Indexed",
            "completions": len(indexes),
            "parallelism": min(len(indexes), MOST_PODS_AT_ONCE),
            "backoffLimitPerIndex": 0,
            "ttlSecondsAfterFinished": _SECONDS_TO_KEEP,
            "template": {
                "metadata": {"labels": _LABELS},
                "spec": _pod(manifest, target, indexes),
            },
        },
    }


def _pod(manifest: Manifest, target: Target, indexes: range) -> dict[str, Any]:
    config_map = {"name": f"gateprint-shards-{_short(manifest)}"}
    return {
        "restartPolicy": "Never",
        "serviceAccountName": "gateprint",
        # Terraform stops by itself when it is asked to, and releases its lock.
        "terminationGracePeriodSeconds": _SECONDS_TO_STOP,
        "securityContext": {"runAsNonRoot": True, "runAsUser": _USER, "fsGroup": _USER},
        "volumes": [
            {"name": "shards", "configMap": config_map},
            {"name": "runs", "emptyDir": {}},
        ],
        "containers": [
            {
                "name": "gateprint",
                "image": target.image,
                "command": ["/bin/sh", "-ec", _pod_script(manifest, target, indexes)],
                "resources": _RESOURCES,
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                },
                "volumeMounts": [
                    {"name": "shards", "mountPath": "/shards", "readOnly": True},
                    {"name": "runs", "mountPath": "/runs"},
                ],
            }
        ],
    }


def _pod_script(manifest: Manifest, target: Target, indexes: range) -> str:
    """Return a pod's commands: its index counts from 0, shards from 1."""
    mark = "SHARD"
    lines = _script(target, "/shards/shards.json", mark, "/runs/run")
    shard = f'"$SHARD/{manifest.number}"'
    lines = [line.replace(f"--shard {mark}", f"--shard {shard}") for line in lines]
    return "\n".join([f"SHARD=$((JOB_COMPLETION_INDEX + {indexes.start}))", *lines]) + "\n"


def _script(target: Target, file: str, choice: str, folder: str) -> list[str]:
    """Return what a machine runs; the bundle is pushed however it ended, and the code kept."""
    shard = ["--manifest", file, "--shard", choice]
    where = ["--environment", target.environment] if target.environment else []
    push = ["bundle", "push", folder, *where]
    if target.phase == "plan":
        run = ["plan", *where, *shard, "--out", folder]
        before = []
    else:
        run = ["apply", folder]
        before = [_command("bundle", "pull", *shard, *where, "--out", folder)]
    return [*before, "code=0", f"{_command(*run)} || code=$?", _command(*push), 'exit "$code"']


def _command(*words: str) -> str:
    return shlex.join(["gateprint", *words])


def _yaml(documents: Iterable[Any]) -> str:
    return yaml.dump_all(
        documents, Dumper=_Dumper, explicit_start=True, sort_keys=False, width=1_000
    )


class _Dumper(yaml.SafeDumper):
    """Writes every value out, since anchors are hard to change by hand, and lines as lines."""

    def ignore_aliases(self, data: Any) -> bool:
        """Tell that nothing is repeated by reference."""
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
