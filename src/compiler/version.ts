/** The version of the compiler, written into the models it makes; a test compares it with package.json. */
export const compilerVersion = "0.1.0";
