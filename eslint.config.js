// Lint of the JavaScript: `make check` runs it.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["lessons/common/js/vendor/**", ".venv/**", "node_modules/**"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-len": ["error", { code: 120 }],
      "max-lines": ["error", { max: 300 }],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      eqeqeq: ["error", "always"],
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "no-shadow": "off",
      "no-implicit-globals": "error",
      "no-self-compare": "error",
      "no-throw-literal": "error",
      "no-unneeded-ternary": "error",
      "no-useless-concat": "error",
      "object-shorthand": "error",
      "prefer-template": "error",
    },
  },
  { files: ["tests/js/**"], languageOptions: { globals: globals.node } },
];
