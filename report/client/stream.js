/** Tasks over time, by worker. Returns what the keyboard steers. */
export function initStream(_container, _data, _state) {
  return {};
}
