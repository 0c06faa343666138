// Comfort for supporters. Pages of customers do not load this file, and everything works without it.
(() => {
  const within = (root, selector) => [...root.querySelectorAll(selector)];
  const make = (tag, properties, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };

  // The command palette: finds by typing what the page offers. It has nothing of its own but the links and forms of the page, so it can do
  // no more than they.
  const palette = (root, dialog) => {
    const [input] = within(dialog, "input");
    const [list] = within(dialog, "[role=listbox]");
    const [nothing] = within(dialog, ".hint");
    const { tickets, open, search } = dialog.dataset;
    let found = [];
    let at = 0;

    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
    const commands = () => {
      const all = [];
      const add = (text, run) => text && all.push({ text, run });
      for (const select of within(root, "form[method=post] select[data-acts]")) {
        const label = select.labels[0] ? words(select.labels[0]) : "";
        for (const option of select.options) if (!option.selected) add(`${label}: ${words(option)}`, () => {
          select.value = option.value;
          select.form.requestSubmit();
        });
      }
      for (const box of within(root, "fieldset[data-add] input")) {
        const { add: on, remove: off } = box.closest("fieldset").dataset;
        add(`${box.defaultChecked ? off : on}: ${words(box.labels[0])}`, () => {
          box.checked = !box.defaultChecked;
          box.form.requestSubmit();
        });
      }
      for (const button of within(root, "form[method=post] [type=submit]:not(.star, [hidden])")) add(words(button), () => button.click());
      for (const link of within(root, "a[href]:is(.nav a, .tab, .trail a, .head a, .pager a, .desk-side a, .palette a)")) {
        add(link.dataset.command || words(link), () => link.click());
      }
      for (const field of within(root, ".write textarea")) add(field.labels[0] && words(field.labels[0]), () => field.focus());
      for (const select of within(root, "select[data-saved]")) {
        for (const { value, text } of select.options) if (value) add(`${select.dataset.title}: ${text}`, () => select.insert(value));
      }
      return all.filter(({ text }, place) => all.findIndex((other) => other.text === text) === place);
    };
    const go = (query) => () => location.assign(tickets + query);
    const matches = () => {
      const typed = input.value.trim();
      const asked = plain(typed).split(/\s+/);
      const fits = commands().filter(({ text }) => asked.every((word) => plain(text).includes(word)));
      fits.sort((one, other) => plain(other.text).startsWith(asked[0]) - plain(one.text).startsWith(asked[0]));
      const [, number] = typed.match(/^#?(\d{1,18})$/) || [];
      if (number) fits.unshift({ text: `${open} #${number}`, run: go(`/${number}`) });
      if (typed) fits.push({ text: `${search} \u201c${typed}\u201d`, run: go(`?q=${encodeURIComponent(typed)}&state=all`) });
      return fits.slice(0, 12);
    };
    const choose = (to) => {
      at = Math.min(Math.max(to, 0), found.length - 1);
      const items = [...list.children];
      items.forEach((item, place) => { item.ariaSelected = place === at; });
      items[at]?.scrollIntoView({ block: "nearest" });
      items[at] ? input.setAttribute("aria-activedescendant", items[at].id) : input.removeAttribute("aria-activedescendant");
    };
    const run = (command) => {
      dialog.close();
      command?.run();
    };
    const show = () => {
      found = matches();
      list.replaceChildren(...found.map((command, place) => {
        const item = document.createElement("li");
        Object.assign(item, { id: `palette-${place}`, role: "option", textContent: command.text, onclick: () => run(command) });
        return item;
      }));
      nothing.hidden = found.length > 0;
      choose(0);
    };
    const start = () => {
      if (dialog.open) return;
      input.value = "";
      show();
      dialog.showModal();
    };
    input.oninput = show;
    input.onkeydown = (event) => {
      const { key, isComposing } = event;
      if (isComposing) return;
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 6, PageUp: at - 6 }[key];
      if (to !== undefined) choose(to);
      else if (key === "Enter") run(found[at]);
      else return;
      event.preventDefault();
    };
    for (const opener of within(root, ".palette-open")) {
      opener.onclick = start;
    }
    addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      start();
    });
  };

  // Shows a part of the page that the server sends. What has not changed is not read out again.
  const parts = (place) => {
    let shown = place.textContent.trim();
    return async (address, options) => {
      const answer = await fetch(address, { redirect: "manual", ...options }).catch(() => null);
      if (!answer?.ok) return;
      const part = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      const now = part.textContent.trim();
      if (now !== shown) place.replaceChildren(...part.childNodes);
      shown = now;
    };
  };

  // Reports every ten seconds that this page is open, and shows which other supporters have the ticket open, too. A page that nobody sees
  // reports nothing.
  const presence = (root, form) => {
    const [place] = within(root, ".colleagues");
    const show = parts(place);
    let typed = 0;
    for (const field of within(root, ".write textarea")) field.addEventListener("input", () => { typed = Date.now(); });
    const report = () => {
      if (document.hidden) return;
      form.elements.writing.value = Date.now() - typed < 3e4 ? "yes" : "no";
      show(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    };
    report();
    setInterval(report, 1e4);
    addEventListener("visibilitychange", report);
  };

  // Says every half a minute how many tickets of the list have news. A page that nobody sees asks nothing.
  const news = (place) => {
    const show = parts(place);
    let asked = Date.now();
    const ask = () => {
      if (document.hidden || Date.now() - asked < 3e4) return;
      asked = Date.now();
      show(place.dataset.news);
    };
    setInterval(ask, 5e3);
    addEventListener("visibilitychange", ask);
  };

  // A choice that acts by itself needs no button. By keys one passes over others before one is at the right one: it acts with Enter, or
  // when the field is left.
  const acts = (field) => {
    const { form, value } = field;
    let [keyed, passes, back] = [false, false, ""];
    const leave = (to) => {
      const changed = keyed && field.value !== value;
      keyed = passes = false;
      if (changed) {
        back = to.id || field.id;
        form.requestSubmit();
      }
      return changed;
    };
    form.querySelector("[type=submit]").hidden = true;
    field.onchange = () => {
      if (passes) return;
      keyed = false;
      form.requestSubmit();
    };
    field.onpointerdown = () => { passes = false; };
    field.onkeydown = (event) => {
      const { key, altKey } = event;
      if (key === "Enter") leave(field) && event.preventDefault();
      else if (field.matches("select") && !altKey && /^(Arrow|Home|End|Page|\S$)/.test(key)) keyed = passes = true;
    };
    // If only the window is left, the field keeps the focus in it.
    field.onblur = ({ relatedTarget }) => { document.activeElement === field || leave(relatedTarget || field); };
    // The page that follows gives the focus back. A browser may forbid storage.
    form.addEventListener("submit", (event) => {
      if (!back || event.defaultPrevented) return;
      try { sessionStorage.setItem("muticket-back", JSON.stringify(back)); } catch {}
    });
  };

  // Saved answers: found by typing, and inserted where the cursor is. The server fills them in, by the form that works without a script.
  const saved = (root, select) => {
    const { form, dataset } = select;
    const text = form.querySelector("textarea");
    const go = select.nextElementSibling;
    const insert = async (id) => {
      const body = new FormData(form);
      for (const name of ["body", "attachment"]) body.delete(name);
      body.set(select.name, id);
      const page = await fetch(go.formAction, { method: "POST", body }).then((answer) => answer.ok && answer.text()).catch(() => 0);
      const find = (selector) => new DOMParser().parseFromString(page || "", "text/html").querySelector(selector);
      const filled = find("#field-body");
      if (!filled) {
        // What is wrong is said by the page of the server, which keeps the text.
        select.value = id;
        return form.requestSubmit(go);
      }
      within(root, "#saved-used")[0].replaceWith(find("#saved-used"));
      text.focus();
      text.setRangeText(filled.value, text.selectionStart, text.selectionEnd, "end");
      const gap = text.value.search(/\[\[[^[\]\n]+\?]]/);
      if (gap >= 0) text.setSelectionRange(gap, text.value.indexOf("]]", gap) + 2);
      text.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const typed = make("input", { type: "search", ariaLabel: dataset.saved, placeholder: dataset.saved });
    const list = make("select", { size: 8, ariaLabel: dataset.title });
    const show = () => {
      const words = typed.value.toLowerCase().split(/\s+/);
      const fits = ({ value, text }) => value && words.every((word) => text.toLowerCase().includes(word));
      list.replaceChildren(...[...select.options].filter(fits).map((option) => option.cloneNode(true)));
      list.selectedIndex = 0;
    };
    const take = () => {
      dialog.close();
      if (list.value) insert(list.value);
    };
    const cancel = make("button", { type: "button", className: "button", onclick: () => dialog.close() }, dataset.close);
    const dialog = make("dialog", { closedBy: "any", className: "saved", ariaLabel: dataset.title },
      make("h2", {}, dataset.title), typed, list, make("div", { className: "actions" }, cancel));
    dialog.onkeydown = (event) => {
      const { key, target } = event;
      const by = { ArrowDown: 1, ArrowUp: -1 }[key];
      if (target.matches("button") || key !== "Enter" && !(by && target === typed)) return;
      event.preventDefault();
      if (!by) return take();
      list.selectedIndex = Math.min(Math.max(list.selectedIndex + by, 0), list.length - 1);
      // A screen reader says which one it is.
      typed.ariaDescription = list.selectedOptions[0]?.text || "";
    };
    typed.oninput = show;
    list.onclick = take;
    const open = () => {
      typed.value = "";
      show();
      dialog.showModal();
      typed.focus();
    };
    text.addEventListener("input", () => {
      const at = text.selectionStart;
      if (!/(^|\s)::$/.test(text.value.slice(0, at))) return;
      text.setRangeText("", at - 2, at);
      open();
    });
    select.insert = insert;
    // One button is enough, unless something is wrong with what was chosen.
    if (!select.matches("[aria-invalid]")) {
      select.hidden = select.labels[0].hidden = true;
      go.replaceChildren(dataset.title, " ", make("kbd", { ariaHidden: "true" }, "s"));
    }
    go.dataset.key = "s";
    go.onclick = (event) => {
      event.preventDefault();
      const { value } = select;
      select.value = "";
      value ? insert(value) : open();
    };
    root.append(dialog);
  };

  // Ticks all tickets of the list at once. The first tick opens what can be done with them.
  const several = (form) => {
    const ticks = within(form, ".tick");
    const [whole] = within(form, ".tick-all input");
    const [actions] = within(form, "details");
    const look = () => {
      const ticked = ticks.filter((tick) => tick.checked).length;
      actions.open ||= ticked > 0;
      whole.checked = ticked === ticks.length;
      whole.indeterminate = ticked > 0 && !whole.checked;
    };
    whole.onchange = () => { for (const tick of ticks) tick.checked = whole.checked; };
    form.onchange = look;
    addEventListener("pageshow", look);
  };

  const start = () => {
    const [root] = within(document, ".muticket");
    if (!root) return;
    within(root, "form.several").forEach(several);
    within(root, ".news").forEach(news);
    within(root, "form.presence").forEach((form) => presence(root, form));
    within(root, "[data-acts]").forEach(acts);
    within(root, "select[data-saved]").forEach((select) => saved(root, select));
    within(root, "dialog.palette").forEach((dialog) => palette(root, dialog));
  };
  document.readyState === "loading" ? addEventListener("DOMContentLoaded", start) : start();
})();
