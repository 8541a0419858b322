"""python3 with_aiohttp.py LIST FOLDER CONCURRENCY"""

import asyncio
import os
import sys

import aiohttp


async def main(urls, folder, concurrency):
    semaphore = asyncio.Semaphore(concurrency)
    connector = aiohttp.TCPConnector(limit=concurrency)
    async with aiohttp.ClientSession(connector=connector, raise_for_status=True) as session:

        async def download(url):
            async with semaphore:
                async with session.get(url) as response:
                    content = await response.read()
            with open(os.path.join(folder, os.path.basename(url)), "wb") as file:
                file.write(content)

        await asyncio.gather(*map(download, urls))


with open(sys.argv[1]) as lines:
    urls = lines.read().splitlines()
asyncio.run(main(urls, sys.argv[2], int(sys.argv[3])))
