// The family's list on its own device: stars that save without leaving the page, and the bar that says how many
// (templates/components/save.html, list_bar.html). Without this script a star is a link that carries the list in the
// address. Nothing is sent: the list stands in localStorage, and in an address once the family opens it.
"use strict";

(() => {
  const LIST = "portal.lijst";
  const TOLD = "portal.lijst.over";
  const ASKED = "portal.gevraagd";
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
    // A page on which wishes can be chosen says all of them; any other page says nothing of them.
    tell(pairs) {
      const told = carriedAlong(pairs);
      const saysWishes = document.querySelector(".portal-weights") !== null;
      if (!saysWishes) told.push(...[...list.told()].filter(([name]) => isWish(name)));
      if (told.length || saysWishes) store.setItem(TOLD, new URLSearchParams(told).toString());
    },
    forget() {
      store.removeItem(LIST);
      store.removeItem(TOLD);
      window.sessionStorage.removeItem(ASKED);
    },
    address(path, keys = list.keys()) {
      const target = new URL(path, location.href);
      const here = new URLSearchParams(location.search);
      const said = about();
      const before = [...list.told()].filter(([name]) => !said.some(([other]) => other === name));
      const asked = new URLSearchParams([...keys.map((key) => ["aanbod", key]), ...before, ...said]);
      for (const name of ["lang", "lezen"]) if (here.has(name)) asked.set(name, here.get(name));
      return `${target.pathname}?${asked}`;
    },
  };
  window.portalList = list;

  // What is known of the family: by the address of this page, and by the words of the last question. A page of results
  // says how it read those (data-about); this window remembers it for the page of an offer, until it is closed.
  function about() {
    const here = carriedAlong(new URLSearchParams(location.search));
    const own = document.querySelector("[data-about]") ? here.filter(([name]) => isWish(name)) : here;
    const asked = carriedAlong(new URLSearchParams(lastAsked()));
    return [...asked.filter(([name]) => !own.some(([other]) => other === name)), ...own];
  }

  function lastAsked() {
    const read = document.querySelector("[data-about]")?.dataset.about;
    try {
      if (read !== undefined) window.sessionStorage.setItem(ASKED, read);
      return window.sessionStorage.getItem(ASKED) ?? "";
    } catch {
      return read ?? "";
    }
  }

  function carriedAlong(pairs) {
    const names = ["gemeente", "postcode", "leeftijd", "voor", "onderwerp", "taal"];
    return [...pairs].filter(([name, value]) => value && (names.includes(name) || isWish(name)));
  }

  function isWish(name) {
    return name.startsWith("telt.");
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
      list.tell(about());
      list.keep([...keys, key]);
    } else {
      bar.querySelector("[data-list-count]").textContent = bar.dataset.full;
    }
  }

  // A list in the address is one without script, or somebody else's; its own page asks whether to keep it.
  lastAsked();
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
