// Draws what Python drew, and turns buttons into commands. No network, no state of its own.
const WORDS = {
  promote: ["Promote", "Go to the next stage"],
  pause: ["Pause", "Stay at this stage; harm is still watched for"],
  resume: ["Resume", "Go on"],
  rollback: ["Roll back", "Give all traffic back to the stable version, at once"],
};

const STYLE = `
.mlops-commands { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; align-items: center; font: 13px system-ui, sans-serif; }
.mlops-commands button { font: inherit; padding: 3px 12px; border: 1px solid currentColor; border-radius: 4px; background: transparent; color: inherit; cursor: pointer; }
.mlops-commands button[aria-disabled="true"] { opacity: 0.55; cursor: not-allowed; }
.mlops-commands button:focus-visible { outline: 2px solid #0b5cad; outline-offset: 2px; }
.mlops-commands [role="status"] { flex-basis: 100%; min-height: 1.4em; }
`;

function render({ model, el }) {
  const style = document.createElement("style");
  style.textContent = STYLE;
  const report = document.createElement("div");
  report.className = "mlops-live"; // the static report above gives way to it
  const bar = document.createElement("div");
  bar.className = "mlops-commands";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Commands of the rollout");
  const status = document.createElement("div");
  status.setAttribute("role", "status"); // read out when it changes

  const buttons = Object.entries(WORDS).map(([name, [word, help]]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.addEventListener("click", () => {
      const reason = model.get("commands")[name];
      if (reason) {
        status.textContent = `${word} is not possible: ${reason}`;
        return;
      }
      status.textContent = `${word} …`;
      model.send({ command: name });
    });
    bar.append(button);
    return { name, word, help, button };
  });
  bar.append(status);

  const showReport = () => {
    const open = [...report.querySelectorAll("details")].map((one) => one.open);
    report.innerHTML = model.get("body"); // made and escaped by markup.py
    report.querySelectorAll("details").forEach((one, place) => {
      if (place in open) one.open = open[place];
    });
  };
  const showButtons = () => {
    for (const { name, word, help, button } of buttons) {
      const reason = model.get("commands")[name];
      // Still focusable, so that a keyboard and a screen reader find out why not.
      button.setAttribute("aria-disabled", String(Boolean(reason)));
      button.title = reason || help;
      button.setAttribute("aria-label", reason ? `${word}, not possible: ${reason}` : `${word}: ${help}`);
    }
  };
  const showOutcome = () => { status.textContent = model.get("outcome"); };
  const announce = () => { if (!model.get("outcome")) status.textContent = model.get("headline"); };

  showReport();
  showButtons();
  model.on("change:body", showReport);
  model.on("change:commands", showButtons);
  model.on("change:outcome", showOutcome);
  model.on("change:headline", announce);
  el.append(style, report, bar);
  return () => {
    model.off("change:body", showReport);
    model.off("change:commands", showButtons);
    model.off("change:outcome", showOutcome);
    model.off("change:headline", announce);
  };
}

export default { render };
