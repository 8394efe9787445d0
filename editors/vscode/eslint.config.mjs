import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist", "node_modules"] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers in messages are ordinary.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
    files: ["src/**/*.ts", "test/**/*.ts"],
  },
  {
    files: ["test/**/*.ts"],
    // `test()` of node:test returns a promise that the runner awaits by itself.
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
);
