import { copyOf, formOf, type MessageForm } from "./message_form.ts";

/** The forms of messages, by the statement that writes them. */
export class StatementForms {
  #known = new Map<string, FormList>();

  /** Those of one statement, by where it stands. */
  of(statement: string): FormList {
    let list = this.#known.get(statement);
    if (!list) {
      if (this.#known.size === mostStatements) this.#known.clear();
      this.#known.set(copyOf(statement), list = new FormList());
    }
    return list;
  }
}

const mostStatements = 4096;

/**
 * The forms of the messages that one statement of a program writes: one or two,
 * mostly.
 */
export class FormList {
  #forms: MessageForm[] = [];
  #tries = 0;

  /** The form of a message, if it is worth while to know it. */
  of(message: string): MessageForm | undefined {
    const forms = this.#forms;
    for (let i = 0; i < forms.length; i++) {
      const form = forms[i]!;
      if (form.fits(message)) return form;
    }
    // What is different each time is looked at no longer.
    if (this.#tries === mostTries || forms.length === mostForms) {
      return undefined;
    }
    this.#tries++;
    const form = formOf(message);
    if (form) forms.push(form);
    return form;
  }
}

const mostForms = 16;
const mostTries = 64;
