// Answers invocations of a Node function, one after the other, until the server is gone.
//
// Messages are those of wire.py: two lengths in eight bytes, a JSON head, and a payload.

import { readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const { arn, socket: number } = JSON.parse(process.argv[2])
const root = process.env.LAMBDA_TASK_ROOT
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: invocation payload
const MAX_RESPONSE_BYTES = 6_291_556
const connection = new net.Socket({ fd: number, readable: true, writable: true })

function send(head, payload = '') {
  const encoded = Buffer.from(JSON.stringify(head))
  const body = Buffer.from(payload)
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32BE(encoded.length, 0)
  lengths.writeUInt32BE(body.length, 4)
  connection.write(Buffer.concat([lengths, encoded, body]))
}

function faultOf(error) {
  const known = error instanceof Error ? error : new Error(String(error))
  const trace = String(known.stack ?? '').split('\n').map((line) => line.replaceAll(root, '/var/task'))
  return { errorType: known.name, errorMessage: known.message, trace }
}

function faultNamed(errorType, errorMessage) {
  return { errorType, errorMessage, trace: [] }
}

/** Return the handler that `_HANDLER` names, or why there is none. */
async function load(name) {
  const dot = name.lastIndexOf('.')
  if (dot < 0) return { fault: faultNamed('Runtime.MalformedHandlerName', `Bad handler '${name}'`) }
  const file = ['.mjs', '.js', '.cjs']
    .map((each) => path.join(root, name.slice(0, dot) + each))
    .find((each) => exists(each))
  const missing = `Error: Cannot find module '${name.slice(0, dot)}'`
  if (file === undefined) return { fault: faultNamed('Runtime.ImportModuleError', missing) }
  try {
    const module = await import(pathToFileURL(file).href)
    const handler = module[name.slice(dot + 1)]
    if (typeof handler === 'function') return { handler }
    return { fault: faultNamed('Runtime.HandlerNotFound', `${name} is undefined or not exported`) }
  } catch (error) {
    return { fault: faultOf(error) }
  }
}

function exists(file) {
  try {
    readFileSync(file)
    return true
  } catch {
    return false
  }
}

function contextOf(head) {
  return {
    awsRequestId: head.request_id,
    invokedFunctionArn: arn,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(head.deadline_ms - Date.now(), 0),
  }
}

function memoryKib() {
  return process.resourceUsage().maxRSS
}

async function answer(loaded, head, payload) {
  try {
    if (loaded.fault) return reply(head, loaded.fault)
    const result = await loaded.handler(JSON.parse(payload), contextOf(head))
    const text = JSON.stringify(result) ?? 'null'
    if (Buffer.byteLength(text) > MAX_RESPONSE_BYTES) {
      const message = `Response payload size exceeded ${MAX_RESPONSE_BYTES} bytes.`
      return reply(head, faultNamed('Function.ResponseSizeTooLarge', message))
    }
    send({ kind: 'answer', memory_kib: memoryKib() }, text)
  } catch (error) {
    reply(head, faultOf(error))
  }
}

function reply(head, { trace, ...fault }) {
  console.error(`ERROR\tInvoke Error\t${JSON.stringify({ ...fault, stack: trace })}`)
  const document = JSON.stringify({ ...fault, trace })
  send({ kind: 'error', type: fault.errorType, memory_kib: memoryKib() }, document)
}

let held = Buffer.alloc(0)
let queue = Promise.resolve()

function taken() {
  if (held.length < 8) return null
  const [head, payload] = [held.readUInt32BE(0), held.readUInt32BE(4)]
  const size = 8 + head + payload
  if (held.length < size) return null
  const message = {
    head: JSON.parse(held.toString('utf8', 8, 8 + head)),
    payload: held.toString('utf8', 8 + head, size),
  }
  held = held.subarray(size)
  return message
}

const loaded = await load(process.env._HANDLER)
send({ kind: 'ready' })
connection.on('data', (chunk) => {
  held = Buffer.concat([held, chunk])
  for (let found = taken(); found !== null; found = taken()) {
    const { head, payload } = found
    queue = queue.then(() => answer(loaded, head, payload))
  }
})
// Whatever timers and connections the handler has left: the server is gone.
connection.on('close', () => process.exit(0))
connection.on('error', () => process.exit(0))
