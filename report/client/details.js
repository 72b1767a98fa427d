/** The story of the thing that is open. */
export function initDetails(_container, _data, _state) {}
