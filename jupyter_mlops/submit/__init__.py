"""Running a compiled pipeline: on this machine, through the KFP SDK, on Kubeflow. Nothing here is imported before it is used."""
