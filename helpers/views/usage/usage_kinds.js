// What is measured: of which parts each chart is, its limit and its texts; and how containers sort.

import { binary, count, percent, perSecond, perSecondStill, still } from "./usage_numbers.js";
import { fill } from "../kit/words.js";

export const CHARTS = [
  {
    key: "cpu", parts: ["cpu"], base: 10, least: 5, text: percent, axis: (value) => `${value} %`,
    limit: (member) => member.cores && member.cores * 100,
    limitText: (limit, words) => fill(words.cores, { count: limit / 100 }),
  },
  {
    key: "memory", parts: ["memory"], base: 1024, least: 1024 ** 2, text: binary, axis: still,
    limit: (member) => member.memory, limitText: still,
  },
  { key: "network", parts: ["rx", "tx"], base: 10, least: 1000, text: perSecond,
    axis: perSecondStill },
  { key: "block", parts: ["read", "write"], base: 10, least: 1000, text: perSecond,
    axis: perSecondStill },
  {
    key: "pids", parts: ["pids"], base: 10, least: 4, text: count, axis: (value) => `${value}`,
    limit: (member) => member.pids, limitText: count,
  },
];

export const fits = (name, filter) => name.toLowerCase().includes(filter.trim().toLowerCase());

/** A member's value by which a column sorts. */
function valueOf(member, column, history) {
  if (column === "name" || column === "state") return member[column];
  const line = history.of(member.number);
  if (!line || !member.isOn) return -1;
  const recent = (part) => {
    const values = line[part].slice(-6).filter((value) => !Number.isNaN(value));
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : -1;
  };
  const parts = CHARTS.find((chart) => chart.key === column).parts;
  return parts.reduce((sum, part) => sum + recent(part), 0);
}

export function ordered(members, { sort, down }, { history }) {
  const values = new Map(members.map((one) => [one, valueOf(one, sort, history)]));
  const sign = down ? -1 : 1;
  return [...members].sort((one, other) => {
    const [a, b] = [values.get(one), values.get(other)];
    const order = typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b;
    return sign * order || one.number - other.number;
  });
}

export const autoColumn = (state) => (["name", "state"].includes(state.sort) ? "cpu" : state.sort);
