import * as vscode from "vscode";

/** What a person does at a step other than to answer. */
export const BACK = Symbol("back");

/** An answer; `BACK` for one step back, `undefined` for no more steps. */
export type Answer<T> = T | typeof BACK | undefined;

interface Step {
  readonly title: string;
  /** Counted from 1. */
  readonly step: number;
  readonly totalSteps: number;
}

interface Choice<T extends vscode.QuickPickItem> extends Step {
  readonly placeholder: string;
  readonly items: readonly T[];
  readonly active?: T | undefined;
}

interface Question extends Step {
  readonly prompt: string;
  readonly value: string;
  readonly isSecret?: boolean;
  /** Hears what stands in the line, whether it becomes the answer or not. */
  readonly typed: (text: string) => void;
  /** What is wrong with an answer, if anything is. */
  readonly validate?: (text: string) => string | undefined;
}

/** Have one of the items chosen. */
export function choose<T extends vscode.QuickPickItem>(choice: Choice<T>): Promise<Answer<T>> {
  const { title, step, totalSteps, placeholder, items, active } = choice;
  const box = Object.assign(vscode.window.createQuickPick<T>(), {
    title,
    step,
    totalSteps,
    placeholder,
    items,
    activeItems: active === undefined ? [] : [active],
    matchOnDescription: true,
  });
  return shown(box, () => box.selectedItems[0]);
}

/** Have a line typed. */
export function ask(question: Question): Promise<Answer<string>> {
  const { title, step, totalSteps, prompt, value, isSecret = false, typed, validate } = question;
  const box = Object.assign(vscode.window.createInputBox(), {
    title,
    step,
    totalSteps,
    prompt,
    value,
    password: isSecret,
  });
  box.onDidChangeValue((text) => {
    typed(text);
    box.validationMessage = undefined;
  });
  return shown(box, () => {
    const problem = validate?.(box.value);
    box.validationMessage = problem;
    return problem === undefined ? box.value : undefined;
  });
}

/** Show *box* until it is answered; *answer* is undefined as long as it is not good. */
function shown<T>(
  box: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  answer: () => T | undefined,
): Promise<Answer<T>> {
  box.ignoreFocusOut = true;
  box.buttons = (box.step ?? 1) > 1 ? [vscode.QuickInputButtons.Back] : [];
  return new Promise<Answer<T>>((resolve) => {
    const end = (value: Answer<T>): void => {
      resolve(value);
      box.hide();
    };
    box.onDidAccept(() => {
      const given = answer();
      if (given !== undefined) {
        end(given);
      }
    });
    box.onDidTriggerButton(() => {
      end(BACK);
    });
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
