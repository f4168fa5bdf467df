// Light, dark, or as the system has it: remembered by the browser where it allows that.
const choices = ["automatic", "light", "dark"];

function remembered() {
  try {
    return localStorage.getItem("sluice.theme");
  } catch {
    return null;
  }
}

function remember(choice) {
  try {
    localStorage.setItem("sluice.theme", choice);
  } catch {
    // it then lasts as long as the page
  }
}

export function switchThemeWith(button, changed) {
  let chosen = Math.max(0, choices.indexOf(remembered()));
  const show = () => {
    document.documentElement.dataset.theme = choices[chosen];
    button.textContent = `◐ ${choices[chosen]}`;
    button.setAttribute("aria-label", `Theme: ${choices[chosen]}`);
    changed();
  };
  button.addEventListener("click", () => {
    chosen = (chosen + 1) % choices.length;
    remember(choices[chosen]);
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  show();
}
