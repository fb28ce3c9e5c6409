// Reads an easy page aloud, for who asks for it (templates/easy/base.html): a button that appears where the device itself
// has a voice for the language of the page. Voices that send the text to another company are not used.
"use strict";

(() => {
  const place = document.querySelector("[data-read-aloud]");
  const speech = window.speechSynthesis;
  if (!place || !speech || !window.SpeechSynthesisUtterance) return;

  const language = document.documentElement.lang;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "portal-button portal-button--secondary";
  let reading = false;

  // The voice of the device for this language, or undefined.
  function voice() {
    return speech.getVoices().find((one) => one.localService && one.lang.toLowerCase().startsWith(language));
  }

  // What is read: headings, paragraphs and points in their order, each once; forms are not.
  function pieces() {
    const found = place.parentElement.querySelectorAll("h1, h2, h3, p, li");
    return [...found].filter((one) => !one.closest("form") && !one.querySelector("p, li, h3") && one.textContent.trim());
  }

  function show() {
    button.textContent = reading ? place.dataset.readAloudStop : place.dataset.readAloud;
  }

  function stop() {
    reading = false;
    speech.cancel();
    show();
  }

  function start() {
    const texts = pieces();
    reading = true;
    show();
    texts.forEach((piece, number) => {
      const said = new SpeechSynthesisUtterance(piece.textContent.trim().replace(/\s+/g, " "));
      said.voice = voice();
      said.lang = language;
      said.rate = 0.9;
      if (number === texts.length - 1) said.onend = stop;
      speech.speak(said);
    });
  }

  // Voices often arrive a moment after the page.
  function offer() {
    if (!voice() || button.isConnected) return;
    show();
    button.addEventListener("click", () => (reading ? stop() : start()));
    place.append(button);
    place.hidden = false;
  }

  offer();
  speech.addEventListener?.("voiceschanged", offer);
  window.addEventListener("pagehide", () => speech.cancel());
})();
