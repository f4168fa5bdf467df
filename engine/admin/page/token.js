// Asks for the token of an engine that wants one. It is kept for this tab alone, and never in an address.
import { byId, setText } from "./elements.js";

const key = "sluice.token";

export function keptToken() {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function keep(token) {
  try {
    sessionStorage.setItem(key, token);
  } catch {
    // asked for again when the page is loaded again
  }
}

export class TokenDialog {
  #dialog = byId("token-dialog");
  #field = byId("token");

  // given(token) is called for each that is entered.
  constructor(given) {
    this.#dialog.addEventListener("cancel", (event) => event.preventDefault()); // nothing to see without one
    this.#dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const token = this.#field.value.trim();
      if (!/^[\x21-\x7e]+$/.test(token)) return this.#say("A token has no blanks and only plain letters, digits and signs.");
      keep(token);
      this.#field.value = "";
      this.#dialog.close();
      given(token);
    });
  }

  ask(refused) {
    this.#say(refused ? "This token was refused." : "");
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#field.focus();
  }

  #say(problem) {
    setText(byId("token-problem"), problem);
    this.#field.setAttribute("aria-invalid", String(problem !== ""));
  }
}
