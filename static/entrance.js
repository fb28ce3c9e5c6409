// The way in (templates/accounts/entrance.html). Takes the code of a mail out of the address, where only the browser sees
// it, into its field; adds a button that shows what was typed as a password. Without this script both fields are plain.
// Notes that somebody made in this window (static/notes.js) are wiped: a colleague may sign in next.
"use strict";

(() => {
  try {
    for (const key of Object.keys(window.sessionStorage)) {
      if (key.startsWith("portal.notitie.")) window.sessionStorage.removeItem(key);
    }
  } catch {
    // a browser that keeps nothing
  }

  const code = document.getElementById("code");
  const carried = decodeURIComponent(window.location.hash.slice(1));

  if (code && /^[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){3}$/.test(carried)) {
    code.value = carried;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }

  for (const box of document.querySelectorAll("[data-password]")) {
    const field = box.querySelector("input");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "portal-button portal-button--secondary";
    button.setAttribute("aria-controls", field.id);
    show(false);
    button.addEventListener("click", () => show(field.type === "password"));
    // What is sent is a password again, so that no browser keeps it among what was typed before.
    field.form.addEventListener("submit", () => show(false));
    field.after(button);

    function show(isShown) {
      field.type = isShown ? "text" : "password";
      button.textContent = isShown ? box.dataset.hide : box.dataset.show;
    }
  }
})();
