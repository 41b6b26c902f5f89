import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

const { test, ...rest } = config;

export default mergeConfig(rest, { test: { ...test, include: ['test/measuring.ts'], testTimeout: 300_000 } });
