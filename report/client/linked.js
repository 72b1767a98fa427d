/** Distributions of what is selected, in which one can select. */
export function initLinked(_container, _data, _state) {}
