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

  // While somebody types, the server says what in it could tell who they are; it keeps nothing. Nothing waits for it.
  function readOver(form, box, alert) {
    const PAUSE = 1200;
    const list = alert.querySelector("ul");
    let timer = 0;
    let asked = null;
    const ask = async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(box.dataset.readOver, { method: "POST", body: new FormData(form), signal: asked.signal });
        if (!answer.ok) return;
        const { found } = await answer.json();
        const items = found.map((words) => {
          const item = document.createElement("li");
          item.dir = "auto";
          item.textContent = words;
          return item;
        });
        list.replaceChildren(...items);
        alert.hidden = items.length === 0;
      } catch {
        // no connection, or typed on: it is shown again before anything is sent
      }
    };
    box.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, PAUSE);
    });
    if (box.value) ask();
  }

  const entrance = document.querySelector("form[data-code]");
  if (entrance && location.hash.length > 1) {
    const field = entrance.querySelector("input[name=code]");
    if (!field.value) field.value = decodeURIComponent(location.hash.slice(1)).slice(0, 60);
    history.replaceState(null, "", location.pathname + location.search);
  }
  // Sent, or kept at the server for later: nothing of it stays in this window, which somebody else may use next.
  if (memory && (entrance || document.querySelector("[data-sent], [data-kept]"))) {
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
    const found = form.querySelector("[data-found]");
    if (box && found) readOver(form, box, found.firstElementChild);
    form.addEventListener("submit", (event) => {
      const warning = form.querySelector("[data-offline]");
      if (warning) warning.hidden = navigator.onLine;
      if (!navigator.onLine) event.preventDefault();
    });
  }
})();
