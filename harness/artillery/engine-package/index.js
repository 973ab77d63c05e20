// Artillery looks for an engine named leakbed in a package of this name, and takes its default.

export { createEngine as default } from 'leakbed/artillery';
