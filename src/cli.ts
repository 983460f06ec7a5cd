export const main = async (): Promise<number> => 0
