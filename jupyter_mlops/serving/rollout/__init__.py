"""From a registered model to a stable one: states, evidence, the controller that moves between them."""
