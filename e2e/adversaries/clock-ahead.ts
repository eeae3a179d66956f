import { jump } from './clock-jump.ts';

jump(2 * 24 * 3_600_000);
