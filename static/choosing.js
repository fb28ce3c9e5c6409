// The pages of choosing: what is written stays in this window, the list follows the device, weights work at once, and
// the sheet is printed with one button. Without this script everything is links and forms.
"use strict";

(() => {
  const list = window.portalList;
  const STORY = "portal.blad.";

  // What a family writes about its child: in this browser window only, gone when it is closed. ------------------
  let window_;
  try {
    window_ = window.sessionStorage;
    window_.getItem(STORY);
  } catch {
    window_ = null;
  }
  const boxes = [...document.querySelectorAll("textarea[data-story]")];
  for (const box of boxes) {
    if (!window_) break;
    recall(box);
    box.addEventListener("input", () => {
      try {
        window_.setItem(STORY + box.dataset.story, box.value);
      } catch {
        // full: what was typed still stands on the page
      }
    });
  }

  function recall(box) {
    box.disabled = false;
    const kept = window_.getItem(STORY + box.dataset.story);
    if (kept !== null && !box.value) box.value = kept;
    else if (box.value) window_.setItem(STORY + box.dataset.story, box.value);
  }

  const helper = document.querySelector("form[data-helper]");
  if (helper) {
    helper.addEventListener("submit", () => {
      if (window_) for (const box of boxes) box.disabled = true; // never sent: the sheet takes it from this window
    });
    window.addEventListener("pageshow", () => {
      if (window_) boxes.forEach(recall);
    });
    // Enter in a field goes to the next question, as the large button does.
    helper.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      event.target.closest("section")?.querySelector("a.portal-button, button.portal-button")?.click();
    });
  }

  // The list: this page's own, or that of the device. -----------------------------------------------------------
  const here = new URLSearchParams(location.search);
  if (list?.keys().length && !here.has("aanbod") && document.querySelector("[data-my-list], [data-compare]")) {
    location.replace(list.address(location.pathname));
    return;
  }
  if (list && document.querySelector("[data-my-list]")) {
    const shown = [...document.querySelectorAll("[data-listed]")].map((item) => item.dataset.listed);
    const kept = list.keys();
    const isOwn = shown.length && shown.every((key) => kept.includes(key)) && kept.every((key) => here.getAll("aanbod").includes(key));
    if (isOwn) {
      list.keep(shown); // the order may be new, and what is gone goes
      list.tell(here);
    }
    const question = document.querySelector("[data-adopt]");
    if (question && !isOwn) {
      question.hidden = false;
      question.querySelector("[data-adopt-button]").addEventListener("click", () => {
        list.keep(shown);
        list.tell(here);
        question.hidden = true;
      });
    }
    const forget = document.querySelector("[data-forget]");
    if (forget) {
      forget.hidden = false;
      forget.addEventListener("click", () => {
        list.forget();
        for (const name of ["doel", "goed", "geprobeerd"]) window_?.removeItem(STORY + name);
        location.assign(location.pathname + (here.has("lang") ? `?lang=${here.get("lang")}` : ""));
      });
    }
  }
  if (list) {
    for (const link of document.querySelectorAll("a[data-remove]")) {
      link.addEventListener("click", () => {
        const keys = list.keys();
        if (keys.includes(link.dataset.remove)) list.keep(keys.filter((key) => key !== link.dataset.remove));
      });
    }
  }

  // Weights that move: the list moves along. --------------------------------------------------------------------
  for (const form of document.querySelectorAll("form[data-live-form][method=get]")) {
    let asking = null;
    form.addEventListener("change", async () => {
      asking?.abort();
      asking = new AbortController();
      const pairs = [...new FormData(form)].filter(([name, value]) => value && !(name.startsWith("telt.") && value === "0"));
      const address = `${form.action.split("?")[0]}?${new URLSearchParams(pairs)}`;
      try {
        const answer = await fetch(address, { signal: asking.signal });
        if (!answer.ok) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of document.querySelectorAll("[data-live]")) {
          const changed = fresh.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
          if (!changed) continue;
          part.replaceChildren(...changed.childNodes);
          list?.begin(part);
        }
        for (const box of document.querySelectorAll("textarea[data-story]")) if (window_) recall(box);
        history.replaceState(null, "", address);
        list?.tell(new URLSearchParams(pairs));
      } catch {
        // the button still works
      }
    });
  }

  // Print. ----------------------------------------------------------------------------------------------------------
  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
    if (location.hash === "#afdrukken") window.addEventListener("load", () => window.print());
  }
})();
