import { AwsV4Signer } from "aws4fetch";
/** The API refused or failed: the message is API Gateway's own, or the backend's. */
export class ApiError extends Error {
    status;
    /** API Gateway's id of the request; in a browser only if the API exposes that header. */
    requestId;
    headers;
    /** What was answered. Of a refused signature nothing: AWS may repeat there what was signed. */
    body;
    constructor(message, answer) {
        super(message);
        this.name = new.target.name;
        this.status = answer?.status ?? 0;
        this.requestId = answer?.requestId;
        this.headers = answer?.headers ?? new Headers();
        this.body = answer?.body;
    }
}
/** 400: the request is not as the API wants it. */
export class BadRequest extends ApiError {
}
/** Nobody signed, or the signature or its credentials are refused. */
export class NotAuthenticated extends ApiError {
}
/** 403: the caller is known, and may not do this. */
export class Forbidden extends ApiError {
}
/** 404. */
export class NotFound extends ApiError {
}
/** 409. */
export class Conflict extends ApiError {
}
/** 429: too many requests, also after waiting. */
export class Throttled extends ApiError {
}
/** 5xx. */
export class ServerError extends ApiError {
}
/** No answer came: the network failed, or a browser may not read it. */
export class NoAnswer extends ApiError {
}
/** No answer came in time. */
export class TimedOut extends NoAnswer {
}
const SERVICE = "execute-api";
const KEY_HEADER = "x-api-key";
// A quota that is used up; waiting a moment does not help (developer guide, "Gateway responses").
const USED_UP = "Limit Exceeded";
// What API Gateway takes at most for an integration is 29 seconds, unless a quota was raised.
const TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 20_000;
const RENEW_BEFORE_MS = 60_000;
const WORTHWHILE_SKEW_MS = 30_000;
const LONGEST_MESSAGE = 300;
const TOKEN = /^[!-~]+$/;
// RFC 9110, section 9.2.2: doing these twice is the same as once.
const IDEMPOTENT = new Set(["GET", "HEAD", "PUT", "DELETE"]);
const SIGNATURE_REFUSED = /^(Missing Authentication Token$|The security token |The request signature |Signature |.*AWS Authorization|.*Credential should be scoped)/;
const KINDS = {
    400: BadRequest,
    401: NotAuthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: Throttled,
};
/** Sends requests: signs, waits, tries again, and tells what came of them. */
export class Caller {
    #base;
    #region;
    #provider;
    #apiKey;
    #token;
    #timeoutMs;
    #maxAttempts;
    #fetch;
    #clock;
    #credentials;
    #skewMs = 0;
    constructor(options, region) {
        this.#base = baseOf(options.baseUrl);
        this.#region = options.region ?? region;
        this.#provider = options.credentials;
        this.#apiKey = options.apiKey;
        this.#token = options.token;
        this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
        this.#maxAttempts = options.maxAttempts ?? MAX_ATTEMPTS;
        this.#fetch = options.fetch ?? ((...given) => fetch(...given));
        this.#clock = options.clock ?? SYSTEM_CLOCK;
    }
    async send(method, segments, isSigned, options, needsKey = false) {
        const request = this.#prepare(method, segments, options);
        if (needsKey)
            request.headers.set(KEY_HEADER, await this.#key());
        const mayRepeat = IDEMPOTENT.has(method) || options.retryNonIdempotent === true;
        const cured = new Set();
        for (let attempt = 1;;) {
            const found = await this.#attempt(request, isSigned);
            if (!(found instanceof ApiError))
                return found;
            // A refused signature never reached the backend: that is safe to repeat, once for each cause.
            if (isSigned && (await this.#cure(found, cured)))
                continue;
            if (!mayRepeat || !isPassing(found) || attempt >= this.#maxAttempts)
                throw found;
            await pause(this.#clock, pauseMs(attempt, found, this.#clock.random()), request.signal);
            attempt += 1;
        }
    }
    /** Return the options with a token among the headers, unless the caller gives one of its own. */
    async withToken(options) {
        const given = options.headers ?? {};
        if (Object.keys(given).some((name) => name.toLowerCase() === "authorization"))
            return options;
        const provider = this.#token;
        if (!provider) {
            throw new NotAuthenticated("this route asks for a token, and no provider of one was given");
        }
        const token = await provider();
        // What is wrong with it is not shown: it may be a token all the same.
        if (typeof token !== "string" || !TOKEN.test(token)) {
            throw new TypeError("the provider's token is not one word of ASCII");
        }
        return { ...options, headers: { ...given, Authorization: `Bearer ${token}` } };
    }
    /** Return a path parameter's value as one segment of a path. */
    one(name, value) {
        const text = String(value);
        // The URL standard drops these, percent-encoded too: the request would go to another route.
        if (value === undefined || value === null || ["", ".", ".."].includes(text)) {
            throw new TypeError(`the path parameter ${name} cannot be ${JSON.stringify(text)}`);
        }
        return encode(text);
    }
    /** Return the value of a parameter that takes the rest of the path; its slashes stay. */
    rest(name, value) {
        const segments = String(value).split("/");
        return segments.map((each) => this.one(name, each)).join("/");
    }
    #prepare(method, segments, options) {
        if (options.body !== undefined && !takesBody(method)) {
            throw new TypeError(`${method} takes no body`);
        }
        const body = encodeBody(options);
        const type = options.contentType ?? "application/json";
        const headers = new Headers({ Accept: "application/json, */*;q=0.5" });
        if (body !== undefined)
            headers.set("Content-Type", type);
        Object.entries(options.headers ?? {}).forEach(([name, value]) => headers.set(name, value));
        return {
            method,
            url: `${this.#base}/${segments.join("/")}${queryOf(options.query)}`,
            headers,
            body,
            timeoutMs: options.timeoutMs ?? this.#timeoutMs,
            signal: options.signal,
        };
    }
    async #key() {
        if (!this.#apiKey) {
            throw new NotAuthenticated("this route needs an API key, and none was given");
        }
        return this.#apiKey();
    }
    /** Send a request once. Only what cannot be a matter of the network or the API is thrown. */
    async #attempt(request, isSigned) {
        const headers = isSigned ? await this.#sign(request) : request.headers;
        const limit = new AbortController();
        const stop = () => limit.abort();
        const timer = setTimeout(stop, request.timeoutMs);
        request.signal?.addEventListener("abort", stop);
        try {
            request.signal?.throwIfAborted();
            const fetching = this.#fetch; // a browser's own refuses to be a method of something else
            const response = await fetching(request.url, {
                method: request.method,
                headers,
                ...(request.body === undefined ? {} : { body: request.body }),
                signal: limit.signal,
                credentials: "omit",
                // Elsewhere the session token would be shown to whoever answers there.
                redirect: "manual",
            });
            return judged(await answerOf(response));
        }
        catch (error) {
            request.signal?.throwIfAborted();
            if (limit.signal.aborted)
                return new TimedOut(`no answer in ${request.timeoutMs} ms`);
            return new NoAnswer(`no answer: ${error instanceof Error ? error.message : "unknown"}`);
        }
        finally {
            clearTimeout(timer);
            request.signal?.removeEventListener("abort", stop);
        }
    }
    async #sign(request) {
        const { accessKeyId, secretAccessKey, sessionToken } = await this.#current();
        const signer = new AwsV4Signer({
            method: request.method,
            url: request.url,
            headers: request.headers,
            ...(request.body === undefined ? {} : { body: request.body }),
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === undefined ? {} : { sessionToken }),
            service: SERVICE,
            region: this.#region,
            datetime: new Date(this.#now()).toISOString().replace(/[:-]|\.\d{3}/g, ""),
        });
        return (await signer.sign()).headers;
    }
    #now() {
        return this.#clock.now() + this.#skewMs;
    }
    /** Return credentials that have not ended. */
    async #current() {
        const known = this.#credentials;
        const found = await known;
        if (found && endOf(found) - RENEW_BEFORE_MS > this.#now())
            return found;
        return this.#renew(known);
    }
    /** Ask the provider, unless another call did since `known` were the newest. */
    async #renew(known) {
        const newest = this.#credentials;
        if (newest && newest !== known)
            return newest;
        if (!this.#provider) {
            throw new NotAuthenticated("this route is signed, and no credentials were given");
        }
        const asked = Promise.resolve().then(this.#provider);
        this.#credentials = asked;
        asked.catch(() => {
            if (this.#credentials === asked)
                this.#credentials = undefined;
        });
        return asked;
    }
    /** Mend a wrong clock or credentials that have expired; tell whether to send once more. */
    async #cure(error, cured) {
        if (!(error instanceof NotAuthenticated))
            return false;
        if (/^Signature (expired|not yet current)/.test(error.message) && !cured.has("clock")) {
            cured.add("clock");
            return this.#correctClock(error);
        }
        if (/security token .*expired/.test(error.message) && !cured.has("credentials")) {
            cured.add("credentials");
            const known = this.#credentials;
            const old = await known;
            return (await this.#renew(known)).accessKeyId !== old?.accessKeyId;
        }
        return false;
    }
    #correctClock(error) {
        const serverMs = serverTimeOf(error);
        if (serverMs === undefined)
            return false;
        const skewMs = serverMs - this.#clock.now();
        const isNews = Math.abs(skewMs - this.#skewMs) > WORTHWHILE_SKEW_MS;
        this.#skewMs = skewMs;
        return isNews;
    }
}
const SYSTEM_CLOCK = {
    now: () => Date.now(),
    random: () => Math.random(),
    sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
};
/** Return STS's own form of credentials in the client's. */
export function credentialsOf(found) {
    if (!found.AccessKeyId || !found.SecretAccessKey || !found.SessionToken) {
        throw new TypeError("these are no credentials of STS");
    }
    return {
        accessKeyId: found.AccessKeyId,
        secretAccessKey: found.SecretAccessKey,
        sessionToken: found.SessionToken,
        ...(found.Expiration === undefined ? {} : { expiration: found.Expiration }),
    };
}
function encode(text) {
    // RFC 3986, section 2.3: what SigV4 calls unreserved.
    return encodeURIComponent(text).replace(/[!'()*]/g, (found) => {
        return `%${found.charCodeAt(0).toString(16).toUpperCase()}`;
    });
}
function baseOf(text) {
    const url = new URL(text);
    const isLocal = /^(localhost|.*\.localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) {
        throw new TypeError("baseUrl must begin with https: a session token would be readable");
    }
    if (url.search || url.hash || url.username || url.password) {
        throw new TypeError("baseUrl must have no query, fragment or user");
    }
    return url.origin + url.pathname.replace(/\/+$/, "");
}
function queryOf(query) {
    const pairs = [];
    for (const [name, value] of Object.entries(query ?? {})) {
        if (name === "")
            throw new TypeError("a query parameter needs a name");
        const values = Array.isArray(value) ? value : [value];
        for (const each of values) {
            if (each !== undefined && each !== null)
                pairs.push(`${encode(name)}=${encode(String(each))}`);
        }
    }
    return pairs.length ? `?${pairs.join("&")}` : "";
}
function takesBody(method) {
    return method !== "GET" && method !== "HEAD";
}
function encodeBody(options) {
    const { body, contentType } = options;
    if (body === undefined)
        return undefined;
    if (contentType === undefined)
        return JSON.stringify(body);
    if (typeof body === "string")
        return body;
    if (body instanceof Uint8Array)
        return new Uint8Array(body);
    throw new TypeError("a body with contentType must be a string or a Uint8Array");
}
async function answerOf(response) {
    const { status, headers } = response;
    const requestId = headers.get("x-amzn-requestid") ?? headers.get("x-amz-apigw-id") ?? undefined;
    return { status, headers, requestId, body: await bodyOf(response) };
}
async function bodyOf(response) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length === 0)
        return undefined;
    const type = (response.headers.get("content-type") ?? "").toLowerCase();
    if (!/^(text\/|application\/json|[^;]*\+json)/.test(type))
        return bytes;
    const text = new TextDecoder().decode(bytes);
    if (type.startsWith("text/"))
        return text;
    try {
        return JSON.parse(text);
    }
    catch {
        return text;
    }
}
/** Return an answer, or the error that it is. */
function judged(answer) {
    if (answer.status >= 200 && answer.status < 300)
        return answer;
    if (answer.status < 400)
        return new ApiError("the API answered with a redirection, which is not followed", answer);
    const message = messageOf(answer);
    if (answer.status === 403 && SIGNATURE_REFUSED.test(message)) {
        return new NotAuthenticated(message, { ...answer, body: undefined });
    }
    const kind = KINDS[answer.status] ?? (answer.status >= 500 ? ServerError : ApiError);
    return new kind(message, answer);
}
function messageOf({ status, body }) {
    const fields = typeof body === "object" && body !== null ? body : {};
    const found = fields["message"] ?? fields["Message"] ?? body;
    const text = typeof found === "string" ? found : `the API answered with status ${status}`;
    // The lines after the first of a refused signature repeat what was signed.
    return (text.split("\n", 1)[0] ?? "").slice(0, LONGEST_MESSAGE);
}
function isPassing(error) {
    if (error instanceof Throttled)
        return error.message !== USED_UP;
    return error instanceof NoAnswer
        || [500, 502, 503, 504].includes(error.status);
}
function endOf(credentials) {
    const { expiration } = credentials;
    return expiration === undefined ? Infinity : new Date(expiration).getTime();
}
/** Return the time that a refusal tells: browsers hide the header Date, but not the message. */
function serverTimeOf(error) {
    const date = Date.parse(error.headers.get("date") ?? "");
    if (!Number.isNaN(date))
        return date;
    const found = /\((\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z [+-]/.exec(error.message);
    if (!found)
        return undefined;
    const [, year, month, day, hour, minute, second] = found;
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
function retryAfterMs(error) {
    const seconds = Number(error.headers.get("retry-after") ?? "0");
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}
/** Return a random time up to one that doubles, and at least what the API asks for. */
function pauseMs(attempt, error, random) {
    const jittered = random * FIRST_PAUSE_MS * 2 ** attempt;
    return Math.min(Math.max(jittered, retryAfterMs(error)), LONGEST_PAUSE_MS);
}
async function pause(clock, milliseconds, signal) {
    if (!signal)
        return clock.sleep(milliseconds);
    signal.throwIfAborted();
    let stop = () => { };
    const stopped = new Promise((_, reject) => {
        stop = () => reject(signal.reason);
        signal.addEventListener("abort", stop);
    });
    try {
        await Promise.race([clock.sleep(milliseconds), stopped]);
    }
    finally {
        signal.removeEventListener("abort", stop);
    }
}
