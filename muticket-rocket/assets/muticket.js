// Comfort, and nothing that a page needs: everything here works without it, only less pleasantly. No part relies on another, and none
// on an element being there.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(`.muticket ${selector}`)];
  const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

  // A browser may forbid storage; then nothing is kept.
  const store = {
    get: (key) => { try { return sessionStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key); } catch { /* see above */ } },
    keys: (prefix) => { try { return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
  };

  // A second click while the first is on its way sends nothing. The page may come back out of the browser's memory, ready again.
  const once = (form) => {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      for (const button of form.querySelectorAll(".button[type=submit]")) button.setAttribute("aria-disabled", "true");
    });
    addEventListener("pageshow", () => {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll(".button[type=submit]")) button.removeAttribute("aria-disabled");
    });
  };

  // Asks before a form is sent that says what to ask.
  const confirm = (form) => {
    const { confirmTitle, confirmText, confirmYes, confirmNo } = form.dataset;
    if (typeof HTMLDialogElement === "undefined") return;
    let agreed = false;
    form.addEventListener("submit", (event) => {
      if (agreed) { agreed = false; return; }
      event.preventDefault();
      const { submitter } = event;
      const dialog = document.createElement("dialog");
      const title = make("h2", "", confirmTitle);
      const text = make("p", "", confirmText);
      title.id = "muticket-asked";
      text.id = "muticket-asked-text";
      dialog.setAttribute("aria-labelledby", title.id);
      dialog.setAttribute("aria-describedby", text.id);
      const no = make("button", "button", confirmNo);
      const yes = make("button", form.querySelector(".button-danger") ? "button button-danger" : "button button-primary", confirmYes);
      const actions = make("div", "actions");
      no.type = yes.type = "button";
      no.autofocus = true;
      actions.append(no, yes);
      dialog.append(title, text, actions);
      no.addEventListener("click", () => dialog.close());
      yes.addEventListener("click", () => dialog.close("yes"));
      // Outside of the dialog is the backdrop, which belongs to it.
      dialog.addEventListener("click", (click) => {
        const box = dialog.getBoundingClientRect();
        const inside = click.clientX >= box.left && click.clientX <= box.right && click.clientY >= box.top && click.clientY <= box.bottom;
        if (click.target === dialog && !inside) dialog.close();
      });
      // Closing gives the focus back to the button by itself.
      dialog.addEventListener("close", () => {
        dialog.remove();
        if (dialog.returnValue !== "yes") return;
        agreed = true;
        form.requestSubmit(submitter);
      });
      form.closest(".muticket").append(dialog);
      dialog.showModal();
    });
  };

  // The arrow keys move from star to star, so that Tab leaves the row at once.
  const rating = (form) => {
    const stars = all("button.star", form);
    const reach = (star) => { for (const each of stars) each.tabIndex = each === star ? 0 : -1; };
    if (!stars.length) return;
    reach(stars.find((star) => star.getAttribute("aria-pressed")) || stars[0]);
    form.addEventListener("keydown", (event) => {
      const at = stars.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: 0, End: stars.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      const star = stars[Math.min(Math.max(to, 0), stars.length - 1)];
      reach(star);
      star.focus();
    });
  };

  // Says which files were chosen, and before they are sent which would be refused.
  const files = (input) => {
    const { max, maxBytes, maxImageBytes, units, tooMany, tooLarge, imageTooLarge } = input.dataset;
    const list = make("ul", "chosen");
    const language = input.closest("[lang]")?.lang;
    list.setAttribute("aria-live", "polite");
    input.after(list);
    const size = (bytes) => {
      const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 3);
      const value = bytes / 1024 ** unit;
      const digits = value < 10 && unit ? 1 : 0;
      return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)}\u00a0${(units || "B KB MB GB").split(" ")[unit]}`;
    };
    const show = () => {
      list.replaceChildren();
      const chosen = [...input.files];
      for (const file of chosen) {
        const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.type) && maxImageBytes;
        const refused = file.size > Number(picture ? maxImageBytes : maxBytes);
        const text = `${file.name} · ${size(file.size)}` + (refused ? ` · ${picture ? imageTooLarge : tooLarge}` : "");
        list.append(make("li", refused ? "wrong" : "", text));
      }
      if (chosen.length > Number(max)) list.append(make("li", "wrong", tooMany));
    };
    input.addEventListener("change", show);
    show();
  };

  // Keeps what is being typed until it was sent, for who has to sign in again or closes the page by mistake: in this tab only, and apart
  // for each user, so that the next person at the same machine does not find it.
  const SENT = "muticket-sent";
  const keep = (form) => {
    const prefix = `muticket ${form.dataset.keep} ${form.getAttribute("action")} `;
    const fields = [...form.querySelectorAll("input[type=text], textarea")];
    let restored = false;
    for (const field of fields) {
      const kept = store.get(prefix + field.name);
      if (kept && !field.value.trim()) {
        field.value = kept;
        restored = true;
      }
      field.addEventListener("input", () => store.set(prefix + field.name, field.value));
    }
    if (restored) {
      const hint = make("p", "hint", form.dataset.restored);
      hint.setAttribute("role", "status");
      fields.at(-1).after(hint);
    }
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      for (const field of fields) store.set(prefix + field.name, field.value);
      store.set(SENT, prefix);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea, input")) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  };

  const start = () => {
    // The page that follows says whether what was sent has arrived.
    const done = document.querySelector(".muticket [data-done]")?.dataset.done;
    const sent = store.get(SENT);
    if (sent && ["opened", "replied", "answered"].includes(done)) for (const key of store.keys(sent)) store.set(key, "");
    store.set(SENT, "");

    // The question comes first: a form that still waits for its answer is not sent yet.
    all("form[data-confirm-title]").forEach(confirm);
    all("form[method=post]").forEach(once);
    all("form.rating").forEach(rating);
    all("input.files").forEach(files);
    all("form[data-keep]").forEach(keep);
    // What went wrong is read first.
    document.querySelector("#refused")?.scrollIntoView({ block: "nearest" });
  };
  document.readyState === "loading" ? addEventListener("DOMContentLoaded", start) : start();
})();
