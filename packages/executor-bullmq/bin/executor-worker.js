#!/usr/bin/env node
// npm links only a file that is there when it installs, and `dist` comes with the build.
import '../dist/cli/main.js';
