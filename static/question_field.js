// Suggestions under the question box (templates/components/question_field.html), after the combobox pattern of the
// ARIA Authoring Practices. Without this script the box is a plain field. It asks only while somebody types, never on
// focus, a moment after the last letter; it keeps nothing beyond this page.
"use strict";

(() => {
  const PAUSE_MS = 150;
  const SHORTEST = 2;
  const LONGEST = 60;

  for (const field of document.querySelectorAll("input[data-suggestions]")) {
    begin(field);
  }

  function begin(field) {
    const answers = new Map();
    const list = document.createElement("ul");
    const status = document.createElement("p");
    let options = [];
    let active = -1;
    let timer = 0;
    let asking = null;

    list.id = `${field.id}-suggestions`;
    list.className = "portal-question-field__list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.suggestionsLabel);
    status.className = "portal-visually-hidden";
    status.setAttribute("role", "status");
    field.after(list, status);
    // A search field is no combobox in HTML; the phone keeps its search key.
    field.type = "text";
    field.setAttribute("enterkeyhint", "search");
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);

    field.addEventListener("input", (event) => {
      cancel();
      if (!event.isComposing) timer = setTimeout(ask, PAUSE_MS);
    });
    field.addEventListener("compositionend", () => {
      cancel();
      timer = setTimeout(ask, PAUSE_MS);
    });
    field.addEventListener("keydown", onKey);
    field.addEventListener("blur", close);
    field.form.addEventListener("submit", close);
    window.addEventListener("pageshow", close);
    // The pointer must not take the focus from the field before the click is done.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) choose(options[Number(item.dataset.number)]);
    });

    function cancel() {
      clearTimeout(timer);
      if (asking) asking.abort();
      asking = null;
    }

    async function ask() {
      const typed = field.value.trim().replace(/\s+/g, " ");
      if (typed.length < SHORTEST || typed.length > LONGEST) return show([]);
      if (answers.has(typed)) return show(answers.get(typed));
      const mine = (asking = new AbortController());
      try {
        const address = new URL(field.dataset.suggestions, location.href);
        address.searchParams.set("q", typed);
        const response = await fetch(address, { signal: mine.signal, credentials: "omit" });
        const found = response.ok ? await response.json() : [];
        if (response.ok) answers.set(typed, found);
        if (asking === mine) show(found);
      } catch {
        // Given up for a newer question, or no connection: the field works without suggestions.
        if (asking === mine) show([]);
      }
    }

    function show(found) {
      if (document.activeElement !== field || found.length === 0) return close();
      options = found;
      active = -1;
      field.removeAttribute("aria-activedescendant");
      list.replaceChildren(...found.map(element));
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
      status.textContent = field.dataset.suggestionsCount.replace("{number}", found.length);
    }

    function element(suggestion, number) {
      const item = document.createElement("li");
      item.id = `${list.id}-${number}`;
      item.className = "portal-question-field__option";
      item.dataset.number = number;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(suggestion.label);
      if (suggestion.about) {
        const about = document.createElement("span");
        about.className = "portal-question-field__about";
        about.textContent = suggestion.about;
        item.append(" ", about);
      }
      return item;
    }

    function close() {
      cancel();
      options = [];
      active = -1;
      list.hidden = true;
      list.replaceChildren();
      status.textContent = "";
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    function onKey(event) {
      if (event.isComposing || list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        // One place before the first is the field itself.
        const places = options.length + 1;
        move(((active + 1 + (event.key === "ArrowDown" ? 1 : -1) + places) % places) - 1);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        choose(options[active]);
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
    }

    function move(to) {
      active = to;
      for (const [number, item] of [...list.children].entries()) {
        item.setAttribute("aria-selected", String(number === active));
      }
      if (active < 0) {
        field.removeAttribute("aria-activedescendant");
      } else {
        field.setAttribute("aria-activedescendant", list.children[active].id);
        list.children[active].scrollIntoView({ block: "nearest" });
      }
    }

    function choose(suggestion) {
      const address = new URL(suggestion.href, location.href);
      close();
      if (suggestion.kind === "provider") {
        location.assign(address);
        return;
      }
      // The rest of the form stays as it was filled in.
      field.value = address.searchParams.get("q");
      field.form.requestSubmit();
    }
  }
})();
