import * as vscode from "vscode";
import type { FeatureState, StaticFeature } from "vscode-languageclient/node";
import type { DefogClient } from "./client";
import type { SecretQuestion, Secrets } from "./secrets";

/** What the server can ask of us beyond LSP; it says what in `defog_lsp.lsp.dialogue`. */
const ABILITIES = {
  openText: true,
  askText: true,
  choose: true,
  save: true,
  secret: true,
  tableDocuments: true,
};

interface OpenText {
  readonly text: string;
  readonly languageId: string;
}

interface AskText {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
}

interface Choose {
  readonly title: string;
  readonly items: readonly string[];
}

/** Say what we can do, and do it when the server asks. */
export function answerQuestions(client: DefogClient, secrets: Secrets): void {
  client.registerFeature(new Abilities());
  client.onRequest("defog/openText", openText);
  client.onRequest("defog/askText", askText);
  client.onRequest("defog/choose", choose);
  client.onRequest("defog/save", save);
  client.onRequest("defog/secret", (question: SecretQuestion) => secrets.answer(question));
}

class Abilities implements StaticFeature {
  fillClientCapabilities(capabilities: { experimental?: unknown }): void {
    capabilities.experimental = { defog: ABILITIES };
  }

  initialize(): void {
    // Nothing depends on what the server can do.
  }

  getState(): FeatureState {
    return { kind: "static" };
  }

  clear(): void {
    // Nothing is kept.
  }
}

async function openText({ text, languageId }: OpenText): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument({ language: languageId, content: text });
  await vscode.window.showTextDocument(document, { preview: false });
  return true;
}

async function askText({ title, prompt, value }: AskText): Promise<string | null> {
  return (
    (await vscode.window.showInputBox({ title, prompt, value, ignoreFocusOut: true })) ?? null
  );
}

async function choose({ title, items }: Choose): Promise<number | null> {
  const rows = items.map((label, index) => ({ label, index }));
  return (await vscode.window.showQuickPick(rows, { title }))?.index ?? null;
}

async function save({ uri }: { readonly uri: string }): Promise<boolean> {
  const wanted = vscode.Uri.parse(uri).toString();
  const open = vscode.workspace.textDocuments.find((it) => it.uri.toString() === wanted);
  return (await open?.save()) ?? false;
}
