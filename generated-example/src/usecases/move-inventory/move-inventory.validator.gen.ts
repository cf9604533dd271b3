import type { CompiledValidator } from "usecasecore/validation";
export declare const validateMoveInventory: CompiledValidator;
