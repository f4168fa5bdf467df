// A table whose rows are kept from one status to the next. A column has a title and text(item); those with order(item)
// can be sorted by; those with share(item) show a bar instead.
import { fill, make, setClass, setText, setWidth } from "./elements.js";

const most = 200; // rows: beyond that a count says how many there are

function makeCell(column) {
  if (column.share) return make("td", `bar ${column.className ?? ""}`, make("div", "track", make("i", "fill")));
  return make("td", column.className ?? "");
}

function updateCell(cell, column, item) {
  if (column.share) {
    const bar = cell.firstElementChild.firstElementChild;
    setWidth(bar, column.share(item));
    setClass(bar, `fill ${column.tone?.(item) ?? ""}`);
    return;
  }
  setText(cell, column.text(item));
  setClass(cell, `${column.className ?? ""} ${column.tone?.(item) ?? ""}`.trim());
  if (column.className?.includes("cut") && cell.title !== cell.textContent) cell.title = cell.textContent;
}

export class Table {
  #columns;
  #empty;
  #body = make("tbody");
  #more = make("p", "quiet");
  #items = [];
  #sorted = null; // {column, heading, descending}

  // empty is what is said when there is nothing to show.
  constructor(panel, columns, empty) {
    this.#columns = columns;
    this.#empty = empty;
    const headings = columns.map((column) => this.#heading(column));
    const caption = make("caption", "unseen", panel.querySelector("h3").textContent);
    const table = make("table", "", caption, make("thead", "", make("tr", "", ...headings)), this.#body);
    const scroll = make("div", "scroll", table);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", panel.querySelector("h3").textContent);
    panel.append(scroll, this.#more);
  }

  #heading(column) {
    const heading = make("th", column.className ?? "");
    heading.scope = "col";
    if (!column.order) {
      heading.textContent = column.title;
      return heading;
    }
    const button = make("button", "", column.title);
    button.type = "button";
    button.title = `Sort by ${column.title}`;
    button.addEventListener("click", () => this.#sortBy(column, heading));
    heading.append(button);
    return heading;
  }

  // Descending, ascending, as they come.
  #sortBy(column, heading) {
    const before = this.#sorted;
    before?.heading.removeAttribute("aria-sort");
    if (before?.column !== column) this.#sorted = { column, heading, descending: true };
    else this.#sorted = before.descending ? { column, heading, descending: false } : null;
    if (this.#sorted) heading.setAttribute("aria-sort", this.#sorted.descending ? "descending" : "ascending");
    this.show(this.#items);
  }

  show(items) {
    this.#items = items;
    const shown = this.#inOrder(items).slice(0, most);
    fill(
      this.#body,
      shown,
      () => make("tr", "", ...this.#columns.map(makeCell)),
      (row, item) => this.#columns.forEach((column, index) => updateCell(row.children[index], column, item)),
    );
    setText(this.#more, items.length === 0 ? this.#empty : items.length > most ? `and ${items.length - most} more` : "");
    this.#body.parentElement.hidden = items.length === 0;
  }

  #inOrder(items) {
    if (this.#sorted === null) return items;
    const { column, descending } = this.#sorted;
    const value = (item) => column.order(item) ?? -1;
    const compare = (one, other) => (value(one) > value(other) ? 1 : value(one) < value(other) ? -1 : 0);
    return [...items].sort((one, other) => (descending ? compare(other, one) : compare(one, other)));
  }
}
