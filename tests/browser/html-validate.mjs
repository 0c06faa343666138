// What the validator looks for: everything it recommends, but for what stands here with its reason.
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // Blanks at the end of a line are no content, and templates leave some.
    "no-trailing-whitespace": "off",
    // Without a type a button sends its form, which is the standard's rule and what is meant.
    "no-implicit-button-type": "off",
    // The title of a page contains the subject of a ticket, which may be long.
    "long-title": "off",
    // Several fields with one name are how a form sends a list.
    "form-dup-name": "off",
    // A list beside a search field is no select: what is typed filters it.
    "prefer-native-element": ["error", { exclude: ["listbox"] }],
    // A list may be named, says ARIA; the validator would rather see landmarks only.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
  },
};
