"""The measurements of measure.mjs for concurrent.futures.ProcessPoolExecutor.

python3 measure.py KIND PARAMETERS

Prints the values as a line of JSON. Run by run-measurement.mjs. What a measurement does,
and why, is told in the file of the same name in measurements/.
"""

import json
import math
import os
import re
import resource
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pipe, Process

WORKERS = 2
WARM_UP_COUNT = 20_000


def echo(value):
    return value


def length_of(data):
    return len(data)


def work(iterations):
    state = iterations
    for _ in range(iterations):
        state = (state * 1_664_525 + 1_013_904_223) & 0xFFFFFFFF
    return state


def identify(seconds):
    time.sleep(seconds)
    return os.getpid()


def quantile(values, part):
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    below = ordered[math.floor(place)]
    return below + (ordered[math.ceil(place)] - below) * (place % 1)


def median(values):
    return quantile(values, 0.5)


def warm_up(milliseconds, run):
    end = time.perf_counter() + milliseconds / 1_000
    while True:
        run()
        if time.perf_counter() >= end:
            return


def median_time(milliseconds, measure_once, repeats=1):
    times = []
    end = time.perf_counter() + milliseconds / 1_000
    while len(times) < repeats or time.perf_counter() < end:
        times.append(measure_once())
    return median(times)


def time_burst(pool, count):
    start = time.perf_counter()
    futures = [pool.submit(echo, i) for i in range(count)]
    results = [future.result() for future in futures]
    elapsed = time.perf_counter() - start
    assert results == list(range(count))
    return elapsed


def time_in_flight(pool, count, in_flight, function, argument, expected):
    """A semaphore bounds the tasks: threads that wait in loops would be slower."""
    room = threading.Semaphore(in_flight)

    def done(future):
        assert future.result() == expected
        room.release()

    start = time.perf_counter()
    for _ in range(count):
        room.acquire()
        pool.submit(function, argument).add_done_callback(done)
    for _ in range(in_flight):
        room.acquire()
    return time.perf_counter() - start


def burst(count, repeats, atLeast):
    pool = ProcessPoolExecutor(WORKERS)
    warm_up(atLeast, lambda: time_burst(pool, min(count, WARM_UP_COUNT)))
    elapsed = median_time(atLeast, lambda: time_burst(pool, count), repeats)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "perSecond": count / elapsed,
        "microseconds": elapsed / count * 1e6,
        "peakMegabytes": peak / 1_024,
    }


def in_flight(count, inFlight, atLeast):
    pool = ProcessPoolExecutor(WORKERS)

    def measure(count):
        if inFlight > 1:
            return time_in_flight(pool, count, inFlight, echo, 1, 1)
        start = time.perf_counter()
        for i in range(count):
            assert pool.submit(echo, i).result() == i
        return time.perf_counter() - start

    warm_up(atLeast, lambda: measure(count // 10))
    return {"perSecond": count / median_time(atLeast, lambda: measure(count))}


def round_trip(samples, atLeast):
    pool = ProcessPoolExecutor(WORKERS)
    warm_up(atLeast, lambda: pool.submit(echo, 0).result())
    times = []
    for i in range(samples):
        start = time.perf_counter()
        pool.submit(echo, i).result()
        times.append((time.perf_counter() - start) * 1e6)
    return {"p50": quantile(times, 0.5), "p99": quantile(times, 0.99)}


def chunked_map(count, chunkSize, atLeast):
    pool = ProcessPoolExecutor(WORKERS)

    def measure(count):
        start = time.perf_counter()
        results = list(pool.map(echo, range(count), chunksize=chunkSize))
        elapsed = time.perf_counter() - start
        assert results == list(range(count))
        return elapsed

    warm_up(atLeast, lambda: measure(count // 10))
    return {"perSecond": count / median_time(atLeast, lambda: measure(count))}


def payload_object(size):
    return {
        "records": [
            {
                "id": 1_000_000 + i,
                "name": f"customer number {1_000_000 + i}",
                "active": i % 2 == 0,
                "balance": 1_234.5,
                "tags": ["first", "second", "third", "fourth"],
            }
            for i in range(size // 128)
        ]
    }


def payload(shape, size, count, inFlight, atLeast):
    if shape == "object":
        argument = payload_object(size)
        function, expected = echo, argument
    else:
        argument = b"\x01" * size
        function, expected = length_of, size
    pool = ProcessPoolExecutor(WORKERS)

    def measure(count):
        return time_in_flight(pool, count, inFlight, function, argument, expected)

    warm_up(atLeast, lambda: measure(count // 5))
    return {"perSecond": count / median_time(atLeast, lambda: measure(count))}


def bare_worker(connection):
    while True:
        for times, iterations in connection.recv():
            for _ in range(times):
                work(iterations)
        connection.send("done")


def start_bare_workers():
    connections = []
    for _ in range(WORKERS):
        ours, theirs = Pipe()
        Process(target=bare_worker, args=(theirs,), daemon=True).start()
        connections.append(ours)

    def time_bare(loads):
        start = time.perf_counter()
        for index, connection in enumerate(connections):
            connection.send([((t + index) // WORKERS, n) for t, n in loads])
        for connection in connections:
            connection.recv()
        return time.perf_counter() - start

    return time_bare


def efficiency(loads, repeats, iterationsPerMicrosecond, atLeast):
    sized = [
        (load["times"], round(load["microseconds"] * iterationsPerMicrosecond))
        for load in loads
    ]
    golden_ratio = (math.sqrt(5) - 1) / 2
    placed = [
        ((i + 0.5) * golden_ratio % 1, n) for times, n in sized for i in range(times)
    ]
    order = [n for _, n in sorted(placed, key=lambda task: task[0])]
    time_bare = start_bare_workers()
    pool = ProcessPoolExecutor(WORKERS)

    def run_all():
        start = time.perf_counter()
        for future in [pool.submit(work, n) for n in order]:
            future.result()
        return time.perf_counter() - start

    warm_up(atLeast, run_all)
    time_bare(sized)
    bare = [time_bare(sized)]
    pooled = []
    for _ in range(repeats):
        pooled.append(run_all())
        bare.append(time_bare(sized))
    return {"percent": median(bare) / median(pooled) * 100}


def behind_long(long, short, count, repeats, iterationsPerMicrosecond, atLeast):
    pool = ProcessPoolExecutor(WORKERS)

    def run_short():
        iterations = round(short * iterationsPerMicrosecond)
        for future in [pool.submit(work, iterations) for _ in range(count)]:
            future.result()

    warm_up(atLeast, run_short)
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        long_one = pool.submit(work, round(long * iterationsPerMicrosecond))
        run_short()
        times.append((time.perf_counter() - start) * 1_000)
        long_one.result()
    return {"milliseconds": median(times)}


def start(**_):
    before = time.perf_counter()
    pool = ProcessPoolExecutor(WORKERS)
    assert pool.submit(echo, 1).result() == 1
    return {"milliseconds": (time.perf_counter() - before) * 1_000}


def worker_memory(**_):
    workers = 4
    pool = ProcessPoolExecutor(workers)
    seen = set()
    for _ in range(10):
        seen.update(pool.map(identify, [0.3] * workers))
        if len(seen) == workers:
            break
    assert len(seen) == workers
    time.sleep(0.5)
    kilobytes = 0
    for pid in seen:
        with open(f"/proc/{pid}/smaps_rollup") as rollup:
            kilobytes += int(re.search(r"^Pss: +(\d+) kB$", rollup.read(), re.M)[1])
    return {"megabytes": kilobytes / 1_024 / workers}


def cpu_milliseconds(pids):
    nanoseconds = 0
    for pid in pids:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/schedstat") as schedstat:
                nanoseconds += int(schedstat.read().split()[0])
    return nanoseconds / 1e6


def idle_cpu(seconds, atLeast):
    pool = ProcessPoolExecutor(WORKERS)
    warm_up(atLeast, lambda: time_burst(pool, WARM_UP_COUNT))
    pids = {os.getpid(), *pool.map(identify, [0.1] * WORKERS)}
    time.sleep(1)
    before = cpu_milliseconds(pids)
    time.sleep(seconds)
    return {"perSecond": (cpu_milliseconds(pids) - before) / seconds}


def calibrate():
    iterations = 50_000
    fastest = math.inf
    for _ in range(200):
        before = time.perf_counter()
        work(iterations)
        fastest = min(fastest, time.perf_counter() - before)
    return {"iterationsPerMicrosecond": iterations / fastest / 1e6}


if __name__ == "__main__":
    kind, parameters = sys.argv[1:]
    measure = globals()[kind.replace("-", "_")]
    print(json.dumps({"values": measure(**json.loads(parameters))}), flush=True)
    os._exit(0)  # the pool is not closed: who runs this ends all that is left
