// The same in CommonJS: a module's variable, kept as long as the module.

const history = [];

exports.record = function record(id) {
  history.push({ id, trace: new Array(256).fill(id) });
};
