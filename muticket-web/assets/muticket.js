// Comfort, and nothing that a page needs: everything here works without it, only less pleasantly. No part relies on another, and none
// on an element being there.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(`.muticket :is(${selector})`)];
  const make = (tag, properties, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const button = (text, onclick, kind = "") => make("button", { type: "button", className: `button ${kind}`, onclick }, text);

  // A browser may forbid storage; then nothing is kept.
  const tried = (what) => { try { return what(); } catch { return null; } };
  const store = (area) => ({
    get: (key) => tried(() => JSON.parse(window[area].getItem(key))),
    set: (key, value) => tried(() => value ? window[area].setItem(key, JSON.stringify(value)) : window[area].removeItem(key)),
  });
  const [local, tab] = [store("localStorage"), store("sessionStorage")];

  // Says aloud what else only eyes would notice. Ears hear what changes, not what is there from the beginning.
  const spoken = make("p", { className: "unseen", role: "status" });
  const say = (text) => setTimeout(() => { spoken.textContent = text; }, 300);
  // What is so many steps away from where the focus is.
  const beside = (list, by) => list[Math.min(Math.max(list.indexOf(document.activeElement) + by, 0), list.length - 1)];
  const focus = (element) => { element.tabIndex = -1; element.focus(); };

  // A second click while the first is on its way sends nothing. The page may come back out of the browser's memory, ready again.
  const once = (form) => {
    let sent = null;
    const mark = (now) => {
      sent = now;
      for (const each of all(".button[type=submit]", form)) each.ariaDisabled = now;
    };
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (sent) return event.preventDefault();
      mark("true");
    });
    addEventListener("pageshow", ({ persisted }) => persisted && mark(null));
  };

  // Asks before a form is sent, if the form or what it stands in says what to ask. One question is only for pages where files are chosen.
  // Closing gives the focus back by itself.
  const confirm = (place) => {
    const { confirmTitle, confirmText, confirmYes, confirmNo, confirmFiles } = place.dataset;
    let agreed = false;
    place.addEventListener("submit", (event) => {
      const { target: form, submitter } = event;
      if (agreed || confirmFiles && !all("input.files").some((input) => input.files.length)) return;
      event.preventDefault();
      const no = button(confirmNo, () => dialog.close());
      const kind = form.querySelector(".button-danger") ? "danger" : "primary";
      const yes = button(confirmYes, () => dialog.close("yes"), `button-${kind}`);
      no.autofocus = true;
      const dialog = make("dialog", { closedBy: "any", ariaLabel: confirmTitle, ariaDescription: confirmText },
        make("h2", {}, confirmTitle), make("p", {}, confirmText), make("div", { className: "actions" }, no, yes));
      dialog.onclose = () => {
        dialog.remove();
        agreed = dialog.returnValue === "yes";
        if (agreed) form.requestSubmit(submitter);
        else if (form.querySelector("[data-acts]")) form.reset();
        agreed = false;
      };
      spoken.before(dialog);
      dialog.showModal();
    }, true);
  };

  // The arrow keys move from star to star, so that Tab leaves the row at once. What a star means is seen as well as heard.
  const rating = (form) => {
    const stars = all("button.star", form);
    const word = make("span", { className: "hint", ariaHidden: "true" });
    const reach = (star) => { for (const each of stars) each.tabIndex = each === star ? 0 : -1; };
    reach(stars.find((star) => star.ariaPressed) || stars[0]);
    stars[0]?.parentElement.after(word);
    for (const star of stars) star.onfocus = star.onpointerenter = () => { word.textContent = star.title; };
    form.onkeydown = (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -9, End: 9 }[event.key];
      if (!by) return;
      event.preventDefault();
      const star = beside(stars, by);
      reach(star);
      star.focus();
    };
  };

  // Shows which files were chosen, and before they are sent which would be refused. Choosing again adds to them.
  const files = (input) => {
    const { max, maxBytes, maxImageBytes, units, tooMany, tooLarge, imageTooLarge, remove } = input.dataset;
    const list = make("ul", { className: "chosen" });
    const { lang } = input.closest(".muticket");
    let chosen = [];
    // By the rule of the server: rounded first, so that the unit fits what is shown.
    const size = (bytes) => {
      let unit = 0;
      const shown = () => unit && bytes < 9.95 ? Math.round(bytes * 10) / 10 : Math.round(bytes);
      for (; shown() > 1023 && unit < 3; unit++) bytes /= 1024;
      return `${shown().toLocaleString(lang)}\u00a0${units.split(" ")[unit || shown() !== 1 ? unit + 1 : 0]}`;
    };
    // A square out of the middle. It is drawn, because the policy of the page allows no address that leads into memory.
    const draw = async (file, canvas) => {
      try {
        const picture = await createImageBitmap(file);
        const { width, height } = picture;
        const side = Math.min(width, height);
        canvas.getContext("2d").drawImage(picture, (width - side) / 2, (height - side) / 2, side, side, 0, 0, 96, 96);
        picture.close();
      } catch { canvas.remove(); }
    };
    const line = (file, at) => {
      const image = /^image\/(png|jpeg|gif|webp)$/.test(file.type);
      const [most, more] = image && maxImageBytes ? [maxImageBytes, imageTooLarge] : [maxBytes, tooLarge];
      const refused = file.size > most ? more : "";
      const drop = button(remove, () => {
        put(chosen.filter((other) => other !== file));
        (all("button", list)[at] || input).focus();
      });
      drop.ariaLabel = `${remove}: ${file.name}`;
      const item = make("li", { className: refused && "wrong" }, make("span", {}, `${file.name} · ${refused || size(file.size)}`), drop);
      if (image) {
        const canvas = make("canvas", { width: 96, height: 96 });
        item.prepend(canvas);
        draw(file, canvas);
      }
      return item;
    };
    const put = (files) => {
      const transfer = new DataTransfer();
      for (const file of files) transfer.items.add(file);
      input.files = transfer.files;
      chosen = [...input.files];
      list.replaceChildren(...chosen.map(line));
      chosen.length ? input.after(list) : list.remove();
      if (chosen.length > max) list.append(make("li", { className: "wrong" }, make("span", {}, tooMany)));
      const read = (selector) => all(selector, list).map((each) => each.textContent).join(", ");
      // With a file that would be refused, all would have to be chosen again: the browser does not send it.
      input.setCustomValidity(read(".wrong span"));
      say(read("span"));
    };
    const add = () => put([...chosen, ...input.files]);
    input.onchange = add;
    add();
  };

  // Keeps for a week what is being typed, until it was sent, for people who have to sign in again or close the page by mistake: for each
  // user apart. The first page of the next user of the machine removes what others left.
  const [SENT, DONE, KEYS, BACK] = ["sent", "done", "keys", "back"].map((name) => `muticket-${name}`);
  const mine = (user) => `muticket ${encodeURIComponent(user)} `;
  const stored = () => tried(() => Object.keys(localStorage)) || [];
  const sweep = (user) => {
    for (const key of stored()) {
      const foreign = user && !key.startsWith(mine(user));
      if (key.startsWith("muticket ") && (foreign || !(Date.now() - local.get(key)?.at < 6048e5))) local.set(key);
    }
  };
  // Each page has a place of its own for its text, and the lock of its name for as long as it is open: so tabs do not overwrite each
  // other. A page takes over the text of one that was closed, and waits for no other than the page before it in the same tab. Without
  // locks, as on plain http, it takes a copy.
  const hold = (place, wait) => new Promise((done) => {
    const held = (lock) => done(lock) || lock && new Promise(() => {});
    const { locks } = navigator;
    const how = wait ? { signal: AbortSignal.timeout(400) } : { ifAvailable: true };
    locks ? locks.request(place, how, held).catch(() => done()) : held(1);
  });
  const keep = async (form) => {
    const base = mine(form.dataset.keep) + form.getAttribute("action");
    const fields = all("input[type=text], select:not([data-saved]), textarea", form);
    // After the browser's way back the form holds what was sent, or a part of it: browsers leave some fields empty.
    const clear = () => {
      const sent = tab.get(DONE)?.texts;
      const same = ({ name, value }) => !value.trim() || value === sent[name];
      if (sent && !all("#refused")[0] && fields.at(-1).value.trim() && fields.every(same)) for (const field of fields) field.value = "";
    };
    addEventListener("pageshow", clear);
    let key, typed;
    const save = () => {
      typed = 1;
      if (!key) return;
      const texts = Object.fromEntries(fields.map(({ name, value }) => [name, value.trim() && value]));
      local.set(key, Object.values(texts).join("") && { at: Date.now(), texts });
    };
    form.oninput = save;
    const left = stored().filter((place) => `${place} `.startsWith(`${base} `));
    left.sort((one, other) => local.get(other)?.at - local.get(one)?.at);
    const own = tab.get(base);
    for (const place of [own, ...left]) if (place && !key && await hold(place, place === own)) key = place;
    key ||= `${base} ${Math.random()}`;
    hold(key);
    tab.set(base, key);
    clear();
    const { texts } = local.get(key) || { texts: {} };
    const back = fields.filter((field) => texts[field.name] && !field.value.trim());
    for (const field of back) field.value = texts[field.name];
    if (back.length) {
      const hint = make("p", { className: "hint" }, form.dataset.restored, " ", button(form.dataset.discard, () => {
        for (const field of back) field.value = "";
        save();
        hint.remove();
        back[0].focus();
      }));
      fields.at(-1).after(hint);
      say(form.dataset.restored);
    }
    // What was typed while the page waited for its place.
    if (typed) save();
    form.addEventListener("submit", (event) => {
      save();
      if (!event.defaultPrevented) tab.set(SENT, key);
    });
    form.onkeydown = (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit(event.shiftKey ? form.querySelector("[name=then]") : null);
    };
  };

  // A placeholder is put into the text where the cursor was last.
  let written;
  const placeholder = (code) => code.replaceChildren(button(code.textContent, () => {
    const text = written || all("textarea")[0];
    text.focus();
    text.setRangeText(code.dataset.put, text.selectionStart, text.selectionEnd, "end");
  }));

  // Says anew how long ago something was, by the server's clock and calendar. Whatever shows its date keeps it.
  const fresh = ({ lang, dataset: { now, zone: timeZone } }) => {
    const ahead = Date.now() - now / 1000;
    const day = (instant) => Date.parse(new Intl.DateTimeFormat("sv", { timeZone }).format(instant)) / 864e5;
    const tick = () => {
      const at = Date.now() - ahead;
      for (const time of all("time[data-relative]")) {
        const then = Date.parse(time.dateTime);
        const minutes = Math.floor((at - then) / 6e4);
        const hours = Math.floor(minutes / 60);
        const [count, unit] = !hours ? [minutes, "minute"] : hours < 24 ? [hours, "hour"] : [day(at) - day(then), "day"];
        if (count < 1 || (hours > 23 && count > 6)) continue;
        time.firstChild.textContent = new Intl.RelativeTimeFormat(lang, { numeric: count > 1 ? "always" : "auto" }).format(-count, unit);
      }
    };
    setInterval(tick, 6e4);
  };

  // Single keys, for who works here all day. The page has the list of them, and where each leads.
  const keys = (dialog) => {
    const rows = all("[data-to]", dialog);
    // A step passes over what is folded.
    const goals = (row) => all(row.dataset.to).filter((goal) => !row.dataset.step || goal.checkVisibility());
    const on = dialog.querySelector("[type=checkbox]");
    let last, when;
    on.checked = !local.get(KEYS);
    on.onchange = () => local.set(KEYS, !on.checked);
    // Not the switch, which a key to scroll by would turn.
    Object.assign(dialog.querySelector("button"), { autofocus: true, onclick: () => dialog.close() });
    for (const opener of all(".keys > button:not(.palette-open)")) opener.onclick = () => {
      for (const row of rows) row.hidden = !goals(row).length;
      dialog.showModal();
    };
    addEventListener("keydown", (event) => {
      const { key, target, timeStamp } = event;
      if (!on.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || target.closest("dialog")) return;
      if (target.isContentEditable || target.matches("input, select, textarea")) {
        if (key === "Escape" && target.closest(".muticket")) target.blur();
        return;
      }
      const find = (press) => rows.find((row) => row.dataset.press === press);
      const row = find(timeStamp - when < 1000 && `${last} ${key}`) || find(key);
      [last, when] = [key, timeStamp];
      if (!row) return;
      const found = goals(row);
      const { near, step } = row.dataset;
      const is = (each) => each.closest(near).contains(document.activeElement);
      const goal = step ? beside(found, +step) : near ? found.find(is) : found[0];
      if (!goal) return;
      event.preventDefault();
      step || goal.matches("input, textarea") ? goal.focus() : goal.click();
    });
  };

  // Tells that the newest message was read, once its head was in view or above it for a second: supporters have two forms below it. The
  // button for it would only go away under one's eyes; it comes back if that does not work.
  const seen = (form) => {
    form.hidden = true;
    const newest = all(".message:last-of-type > :first-child").at(-1);
    let looks = 0;
    const timer = newest && setInterval(async () => {
      const { bottom } = newest.getBoundingClientRect();
      looks = !document.hidden && bottom <= innerHeight ? looks + 1 : 0;
      if (looks < 3) return;
      clearInterval(timer);
      // It answers with the way back to this page, which is not gone.
      const body = new URLSearchParams(new FormData(form));
      const { type } = await fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => ({}));
      form.hidden = type === "opaqueredirect";
    }, 500);
  };

  const start = () => {
    const root = document.querySelector(".muticket");
    if (!root) return;
    root.append(spoken);
    sweep(root.dataset.user);
    // The page that follows says whether what was sent has arrived.
    const [notice] = all(".notice[role=status]");
    if (notice?.dataset.done && tab.get(SENT)) {
      tab.set(DONE, local.get(tab.get(SENT)));
      local.set(tab.get(SENT));
    }
    tab.set(SENT);
    // Who comes back to one message sees that one, and not the top of the page. Who chose by keys goes on where they were.
    const at = document.getElementById(location.hash.slice(1));
    const back = document.getElementById(tab.get(BACK));
    tab.set(BACK);
    if (notice) at || back ? say(notice.textContent, at?.after(notice)) : focus(notice);
    back?.focus();
    // Not every browser opens what is folded around the place that an address names.
    const folded = at?.closest("details");
    if (folded && !folded.open) {
      folded.open = true;
      at.scrollIntoView();
    }

    // The question comes first: a form that still waits for its answer is not sent yet.
    all("[data-confirm-title]").forEach(confirm);
    all("form[method=post]").forEach(once);
    all("form.rating").forEach(rating);
    all("input.files").forEach(files);
    all("form[data-keep]").forEach(keep);
    all("[data-put]").forEach(placeholder);
    addEventListener("focusin", ({ target }) => { if (target.matches("textarea")) written = target; });
    all("dialog.keys").forEach(keys);
    all("form.seen").forEach(seen);
    fresh(root);
    addEventListener("pagehide", () => all("dialog[open]").forEach((dialog) => dialog.close()));

    // What went wrong is read first. If another supporter was faster, this stands beside their message.
    const [refused] = all("#refused");
    if (refused?.dataset.failure === "conflict") all(".divider-new")[0]?.before(refused);
    if (refused) focus(refused);
  };
  document.readyState === "loading" ? addEventListener("DOMContentLoaded", start) : start();
})();
