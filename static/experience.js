// The questionnaire: a scanned code is taken out of the address, and what is being typed survives a lost connection.
// Without this script everything is forms.
"use strict";

(() => {
  const KEPT = "portal.ervaring.";
  let memory = null; // of this browser window only, gone when it is closed
  try {
    memory = window.sessionStorage;
    memory.getItem(KEPT);
  } catch {
    memory = null;
  }

  const entrance = document.querySelector("form[data-code]");
  if (entrance && location.hash.length > 1) {
    const field = entrance.querySelector("input[name=code]");
    if (!field.value) field.value = decodeURIComponent(location.hash.slice(1)).slice(0, 60);
    history.replaceState(null, "", location.pathname + location.search);
  }
  if (memory && (entrance || document.querySelector("[data-sent]"))) {
    for (const name of Object.keys(memory)) if (name.startsWith(KEPT)) memory.removeItem(name);
  }

  for (const form of document.querySelectorAll("form[data-telling]")) {
    const box = form.querySelector("textarea");
    const name = KEPT + form.dataset.telling;
    if (box && memory) {
      const kept = memory.getItem(name);
      if (kept !== null && !box.value) box.value = kept;
      box.addEventListener("input", () => {
        try {
          memory.setItem(name, box.value);
        } catch {
          // full: what was typed still stands on the page
        }
      });
    }
    form.addEventListener("submit", (event) => {
      const warning = form.querySelector("[data-offline]");
      if (warning) warning.hidden = navigator.onLine;
      if (!navigator.onLine) event.preventDefault();
    });
  }
})();
