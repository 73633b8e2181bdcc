// Reads batches of simulations, one JSON list per line, and answers each with a list of outcomes.
//
// A program of its own on purpose: the simulator is under the AGPL, and no part of gateprint.
import { createInterface } from 'node:readline';
import {
  createValidatedPolicy,
  validateIdentityPolicy,
  validateResourcePolicy,
  validateTrustPolicy,
} from '@cloud-copilot/iam-policy';
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate';

const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const allowAll = { name: 'all', policy: { Version: '2012-10-17', Statement: [everything] } };

// Where AWS has no organization, its resource control policies allow everything. The checked run
// adds that by itself, the unchecked one does not.
const organization = (policies) => [{ orgIdentifier: 'root', policies }];

function read(policy, validate, name) {
  const found = createValidatedPolicy(policy, validate, { name });
  if (found.errors.length) {
    throw new Error(JSON.stringify(found.errors));
  }
  return found;
}

const readNamed = (policies) =>
  policies?.map(({ name, policy }) => ({ name, policy: read(policy, validateIdentityPolicy, name) }));

// Without its own checks the simulator is five times as fast, and knows root paths. Policies are
// checked here; whether AWS sends the context keys with the action is not.
function outcomeUnchecked({ isTrust, ...simulation }) {
  const { identityPolicies, permissionBoundaryPolicies, resourcePolicy } = simulation;
  const validate = isTrust ? validateTrustPolicy : validateResourcePolicy;
  return runUnsafeSimulation(
    {
      ...simulation,
      identityPolicies: readNamed(identityPolicies),
      permissionBoundaryPolicies: readNamed(permissionBoundaryPolicies),
      resourcePolicy: resourcePolicy && read(resourcePolicy, validate, 'resource'),
      resourceControlPolicies: organization([allowAll]),
    },
    {},
  );
}

async function outcomeChecked(simulation) {
  const found = await runSimulation({ ...simulation, resourceControlPolicies: organization([]) }, {});
  if (found.resultType !== 'single') {
    throw new Error(JSON.stringify(found.errors ?? found.resultType));
  }
  const ignored = found.result.ignoredContextKeys ?? [];
  if (ignored.length) {
    throw new Error(`it ignores ${ignored}`);
  }
  return found.overallResult;
}

async function outcome({ isChecked, ...simulation }) {
  try {
    return isChecked ? await outcomeChecked(simulation) : outcomeUnchecked(simulation);
  } catch (error) {
    return `refused: ${error.message}`;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const found = [];
  for (const simulation of JSON.parse(line)) {
    found.push(await outcome(simulation));
  }
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
