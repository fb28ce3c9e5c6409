// Notes beside the offers of a list (templates/desks/conversation/shortlist.html): they stay in this window of the
// browser, and are gone when it is closed, when a talk was counted or when a search begins with an empty list: what one
// family said is not there for the next. Nothing is sent. Without this script they stand on the page, to be printed.
"use strict";

(() => {
  const NOTE = "portal.notitie.";
  let store;
  try {
    store = window.sessionStorage;
    store.getItem(NOTE);
  } catch {
    return; // a browser that keeps nothing: what is typed still stands on the page
  }
  const wipeAll = () => {
    for (const key of Object.keys(store)) if (key.startsWith(NOTE)) store.removeItem(key);
  };
  if (document.querySelector("[data-next-talk]")) wipeAll();
  const wiped = document.querySelector("[data-wiped]");
  const boxes = [...document.querySelectorAll("textarea[data-note]")];
  for (const box of boxes) {
    if (!box.value) box.value = store.getItem(NOTE + box.dataset.note) ?? "";
    box.addEventListener("input", () => {
      if (wiped) wiped.hidden = true;
      try {
        if (box.value) store.setItem(NOTE + box.dataset.note, box.value);
        else store.removeItem(NOTE + box.dataset.note);
      } catch {
        // full: what was typed still stands on the page
      }
    });
  }
  const wipe = document.querySelector("[data-wipe-notes]");
  if (wipe) {
    wipe.hidden = false;
    wipe.addEventListener("click", () => {
      wipeAll();
      for (const box of boxes) box.value = "";
      if (wiped) wiped.hidden = false;
    });
  }
})();
