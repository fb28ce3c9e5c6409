// The family's list on its own device: stars that save without leaving the page, and the bar that says how many
// (templates/components/save.html, list_bar.html). Without this script a star is a link that carries the list in the
// address. Nothing is sent: the list stands in localStorage, and in an address once the family opens it.
"use strict";

(() => {
  const LIST = "portal.lijst";
  const TOLD = "portal.lijst.over";
  const MOST = 12;
  const bar = document.querySelector("[data-list]");
  let store;
  try {
    store = window.localStorage;
    store.getItem(LIST);
  } catch {
    return; // a browser that keeps nothing: the links do it
  }

  const list = {
    keys() {
      try {
        const kept = JSON.parse(store.getItem(LIST) ?? "[]");
        return Array.isArray(kept) ? kept.filter((key) => typeof key === "string").slice(0, MOST) : [];
      } catch {
        return [];
      }
    },
    keep(keys) {
      try {
        if (keys.length) store.setItem(LIST, JSON.stringify(keys));
        else store.removeItem(LIST);
      } catch {
        return; // full, or forbidden
      }
      show();
    },
    // What the page was asked for besides the list (municipality, age, what counts): the sheet needs it too.
    told() {
      return new URLSearchParams(store.getItem(TOLD) ?? "");
    },
    tell(pairs) {
      const about = new URLSearchParams([...pairs].filter(([name]) => carriedAlong(name)));
      if (about.size) store.setItem(TOLD, about.toString());
    },
    forget() {
      store.removeItem(LIST);
      store.removeItem(TOLD);
    },
    address(path, keys = list.keys()) {
      const target = new URL(path, location.href);
      const here = new URLSearchParams(location.search);
      const pairs = [...list.told()].filter(([name]) => !here.has(name));
      for (const [name, value] of here) if (carriedAlong(name)) pairs.push([name, value]);
      const asked = new URLSearchParams([...keys.map((key) => ["aanbod", key]), ...pairs]);
      if (here.has("lang")) asked.set("lang", here.get("lang"));
      return `${target.pathname}?${asked}`;
    },
  };
  window.portalList = list;

  function carriedAlong(name) {
    return ["gemeente", "postcode", "leeftijd", "voor", "onderwerp", "taal"].includes(name) || name.startsWith("telt.");
  }

  function show() {
    const keys = list.keys();
    for (const star of document.querySelectorAll("[data-save][data-is-ready]")) {
      const isSaved = keys.includes(star.dataset.save);
      star.classList.toggle("portal-save--on", isSaved);
      star.querySelector("span").textContent = isSaved ? bar.dataset.saved : bar.dataset.save;
    }
    if (!bar) return;
    bar.hidden = keys.length === 0;
    const count = bar.querySelector("[data-list-count]");
    const said = bar.dataset.count.replace("{number}", keys.length);
    if (count.textContent !== said) count.textContent = said;
    for (const link of bar.querySelectorAll("[data-list-link]")) {
      link.href = list.address(link.href.split("?")[0], keys);
    }
  }

  function begin(root) {
    if (!bar) return;
    for (const link of root.querySelectorAll("a[data-save]")) {
      const star = document.createElement("button");
      star.type = "button";
      star.className = link.className;
      star.dataset.save = link.dataset.save;
      star.dataset.isReady = "";
      star.append(...link.childNodes);
      star.addEventListener("click", () => toggle(star.dataset.save));
      link.replaceWith(star);
    }
    show();
  }
  list.begin = begin;

  function toggle(key) {
    const keys = list.keys();
    if (keys.includes(key)) {
      list.keep(keys.filter((other) => other !== key));
    } else if (keys.length < MOST) {
      list.tell(new URLSearchParams(location.search));
      list.keep([...keys, key]);
    } else {
      bar.querySelector("[data-list-count]").textContent = bar.dataset.full;
    }
  }

  // A list in the address is one without script, or somebody else's; its own page asks whether to keep it.
  begin(document);
  for (const link of document.querySelectorAll("nav a[href]")) {
    const target = new URL(link.href);
    if (target.pathname.endsWith("/mijn-lijst")) {
      link.addEventListener("click", () => {
        if (list.keys().length) link.href = list.address(target.pathname);
      });
    }
  }
  window.addEventListener("storage", show);
  window.addEventListener("pageshow", show);
})();
