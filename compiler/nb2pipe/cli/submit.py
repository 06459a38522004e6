"""`nb2pipe submit NB --endpoint URL`: uploads the pipeline to Kubeflow, runs or schedules it, and follows the run."""

from __future__ import annotations

import os

from nb2pipe.cli.installed import load_command
from nb2pipe.cli.options import add_parameters, checked, parameter_values, parser


def run(words: list[str]) -> int:
    """Compile and submit; the exit status is 1 when the notebook has errors or the run fails.

    Secrets come from the environment only (`KF_PIPELINES_TOKEN`, `KF_PIPELINES_COOKIES`): a command line is seen by everyone on the machine.
    """
    from nb2pipe.api import compile_pipeline

    options = parser("submit", ("text", "json"))
    options.add_argument("notebook")
    options.add_argument(
        "--endpoint", default=os.environ.get("KF_PIPELINES_ENDPOINT"), help="address of the KFP API (default: KF_PIPELINES_ENDPOINT)"
    )
    add_parameters(options)
    options.add_argument("--experiment", default="Default", help="the experiment that the run belongs to")
    options.add_argument("--namespace", help="the profile to run in, where Kubeflow has several users")
    options.add_argument("--run-name", help="how the run is called")
    options.add_argument("--schedule", metavar="CRON", help="make it recurring: a cron expression of five or six fields")
    options.add_argument("--service-account", help="the Kubernetes service account of the steps")
    options.add_argument("--ca-file", help="a file with the certificates to trust")
    options.add_argument("--no-wait", action="store_true", help="return when the run has started")
    options.add_argument("--verbose", action="store_true", help="print every change of state on a line of its own")
    given = options.parse_args(words)
    if not given.endpoint:
        options.error("--endpoint is needed (or KF_PIPELINES_ENDPOINT)")
    pipeline = checked(given.notebook, backend="kfp").pipeline
    if pipeline is None:
        return 1
    bundle = compile_pipeline(pipeline, backend="kfp")
    text = bundle.entry_text
    command = load_command("nb2pipe.submitters", "kfp")
    code: int = command(
        text,
        parameters=parameter_values(given.parameter, pipeline),
        form=given.format,
        verbose=given.verbose,
        endpoint=given.endpoint,
        experiment=given.experiment,
        namespace=given.namespace,
        run_name=given.run_name,
        token=os.environ.get("KF_PIPELINES_TOKEN"),
        cookies=os.environ.get("KF_PIPELINES_COOKIES"),
        ca_file=given.ca_file,
        service_account=given.service_account,
        schedule=given.schedule,
        wait=not given.no_wait,
    )
    return code
