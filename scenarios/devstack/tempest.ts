/** What took the place of DevStack's exercises: the smoke tests of Tempest, each a test case. See docs/devstack.md. */
import {tempest} from 'swarmlab';

tempest('--smoke');
