"use strict";
// Plays the story that the template holds. All text of the book is set as text, never as markup.
(() => {
  const element = (id) => document.getElementById(id);
  const encoded = element("story").content.textContent.trim();
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  const story = JSON.parse(new TextDecoder().decode(bytes));
  const numbers = new Map(story.scenes.map((scene, number) => [scene.id, number]));
  const storageKey = "questfoundry-" + story.ifid;
  const begin = numbers.get(story.start) ?? 0;

  // The scenes that the reader has been to, in order: everything else follows from it.
  let path = restored() ?? [begin];
  let page = null;

  function codewords(scenes) {
    return new Set(scenes.flatMap((number) => story.scenes[number].sets));
  }

  function openChoices(scenes) {
    const has = codewords(scenes);
    const scene = story.scenes[scenes[scenes.length - 1]];
    return scene.choices.filter((choice) => choice.requires.every((codeword) => has.has(codeword)));
  }

  // The path of an earlier visit, when it is still one that this story allows.
  function restored() {
    try {
      const saved = JSON.parse(localStorage.getItem(storageKey));
      const starts = [begin, ...story.alternate_starts.map((id) => numbers.get(id))];
      if (!Array.isArray(saved) || !starts.includes(saved[0])) return null;
      const has = new Set(story.scenes[saved[0]].sets);
      for (let step = 1; step < saved.length; step += 1) {
        const isOpen = story.scenes[saved[step - 1]].choices.some((choice) =>
          numbers.get(choice.target) === saved[step] && choice.requires.every((codeword) => has.has(codeword)));
        if (!isOpen) return null;
        story.scenes[saved[step]].sets.forEach((codeword) => has.add(codeword));
      }
      return saved;
    } catch {
      return null;
    }
  }

  function save() {
    try {
      localStorage.setItem(storageKey, JSON.stringify(path));
    } catch {
      // A browser that keeps nothing for files plays all the same.
    }
  }

  function add(parent, name, text) {
    const child = document.createElement(name);
    if (text !== undefined) {
      child.textContent = text;
      child.dir = "auto";
    }
    parent.append(child);
    return child;
  }

  function addText(parent, text) {
    for (const paragraph of text.split(/\n[ \t]*\n/)) {
      if (paragraph.trim() !== "") add(parent, "p", paragraph);
    }
  }

  function addButton(parent, label, action) {
    const button = add(parent, "button", label);
    button.type = "button";
    button.addEventListener("click", action);
    return button;
  }

  function addMedium(parent, medium) {
    const isPicture = medium.type.startsWith("image/");
    const child = add(parent, isPicture ? "img" : "audio");
    child.src = medium.source;
    if (isPicture) {
      child.alt = medium.text;
    } else {
      child.controls = true;
      addText(parent, medium.text);
    }
  }

  function show(title, text, media, choices, closing) {
    const main = element("passage");
    main.replaceChildren();
    const heading = add(main, "h2", title);
    heading.tabIndex = -1;
    addText(main, text);
    media.forEach((medium) => addMedium(main, medium));
    const list = add(main, "ol");
    choices.forEach(([label, action]) => addButton(add(list, "li"), label, action));
    if (choices.length === 0) list.remove();
    if (closing !== "") {
      const note = add(main, "p", closing);
      note.lang = "en";
    }
    element("back").disabled = page === null && path.length < 2;
    element("status").textContent = choices.length === 1 ? title + ". 1 choice." : title + ". " + choices.length + " choices.";
    window.scrollTo(0, 0);
    heading.focus();
  }

  function showScene() {
    page = null;
    save();
    const number = path[path.length - 1];
    const scene = story.scenes[number];
    const choices = openChoices(path).map((choice) => {
      const note = choice.requires.length === 0 && choice.condition !== "" ? " (" + choice.condition + ")" : "";
      return [choice.label + note, () => go(numbers.get(choice.target))];
    });
    const stuck = choices.length === 0 ? "There is no way on from here. Go back, or restart." : "";
    show(scene.title || "Scene " + (number + 1), scene.text, scene.media, choices, scene.ending ? "The end" : stuck);
  }

  function go(number) {
    path.push(number);
    showScene();
  }

  function showPage(shown) {
    page = shown;
    show(shown.title || "Page", shown.text, [], [["Return to the story", showScene]], "");
  }

  function back() {
    if (page === null && path.length > 1) path.pop();
    showScene();
  }

  function start(number) {
    path = [number];
    showScene();
  }

  function moveFocus(step) {
    const buttons = [...document.querySelectorAll("#passage button")];
    const place = buttons.indexOf(document.activeElement);
    const next = place < 0 ? (step > 0 ? 0 : buttons.length - 1) : (place + step + buttons.length) % buttons.length;
    buttons[next]?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("audio")) return;
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    if (/^[1-9]$/.test(event.key)) {
      document.querySelectorAll("#passage button")[Number(event.key) - 1]?.click();
    } else if (event.key in steps) {
      moveFocus(steps[event.key]);
    } else if (event.key === "Backspace") {
      back();
    } else {
      return;
    }
    event.preventDefault();
  });

  element("back").addEventListener("click", back);
  element("restart").addEventListener("click", () => start(begin));
  for (const shown of [...story.front_matter, ...story.codex]) {
    addButton(element("pages"), shown.title || "Page", () => showPage(shown));
  }
  for (const id of story.alternate_starts) {
    const number = numbers.get(id);
    addButton(element("pages"), "Begin with " + (story.scenes[number].title || "scene " + (number + 1)), () => start(number));
  }
  showScene();
})();
