// Tax's door within finance: what the module lists, and nothing else.
import { getEcSalesList } from "./ec-sales-list.operations.ts";
import { changeTaxRate, createTaxCode, createTaxGroup, setTaxBoxes, setTaxRounding, taxCodeRegister } from "./tax-code.operations.ts";
import { filedReturnRegister, fileTaxReturn, getTaxReturn, taxLineRegister } from "./tax-return.operations.ts";
import { correctFiledReturn, correctionReturnRegister } from "./tax-correction.operations.ts";
import { listReturnLines } from "./tax-drill.operations.ts";
import { createTaxRule, endTaxRule, taxRuleRegister, tryTaxRules } from "./tax-rule.operations.ts";

export { taxLaws } from "./laws.ts";

export const taxRegisters = [taxCodeRegister, taxRuleRegister, filedReturnRegister, correctionReturnRegister, taxLineRegister];

export const taxOperations = [
  createTaxCode,
  createTaxGroup,
  changeTaxRate,
  setTaxBoxes,
  setTaxRounding,
  createTaxRule,
  endTaxRule,
  tryTaxRules,
  getTaxReturn,
  fileTaxReturn,
  correctFiledReturn,
  listReturnLines,
  getEcSalesList,
];
