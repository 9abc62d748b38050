// How much may still be written. Nothing is cut without a word.

const NEAR = 0.9;
const NUMBER = new Intl.NumberFormat("fr-FR");

export class Limit {
  constructor(form) {
    this.field = form.querySelector("textarea");
    this.most = this.field.maxLength;
    this.field.removeAttribute("maxlength"); // it would cut what is pasted
    this.says = form.querySelector("[data-limit]");
    this.field.addEventListener("input", () => this.look());
    this.look();
  }

  get length() {
    return [...this.field.value.trim()].length; // as the server counts
  }

  get isOver() {
    return this.length > this.most;
  }

  look() {
    const { length, most } = this;
    this.says.hidden = length < most * NEAR;
    this.says.classList.toggle("is-over", length > most);
    this.says.textContent = this.says.hidden ? "" : words(length, most);
    this.field.setAttribute("aria-invalid", String(length > most));
  }
}

function words(length, most) {
  const count = `${NUMBER.format(length)} caractères sur ${NUMBER.format(most)}`;
  return length > most ? `${count} : raccourcissez, ou écrivez en plusieurs messages.` : count;
}
