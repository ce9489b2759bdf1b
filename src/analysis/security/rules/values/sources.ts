import { allBut, contexts } from '../../engine/values/context.js';
import type { Source } from '../../rule.js';

/** Where values come from outside. `$req`, `$request`, `$ctx` stand for parameters that hold a request. */
export const SOURCES: readonly Source[] = [
  // Flask, Quart, Bottle, Sanic
  {
    language: 'python',
    kind: 'request',
    paths: [
      '{flask,quart,bottle}.request.{args,form,values,json,data,files,headers,cookies,url,path,query_string,full_path,base_url,referrer,view_args,stream,user_agent,query,forms,params,GET,POST,host,url_root,endpoint}',
    ],
  },
  {
    language: 'python',
    kind: 'request',
    isCall: true,
    paths: [
      '{flask,quart,bottle}.request.{get_json,get_data}',
      '$request.{json,body,form,get_json,get_data,read,text,post}',
      '*.request.{get_json,get_data}',
    ],
  },
  // Django, Starlette and FastAPI requests, and a request handed on as a parameter
  {
    language: 'python',
    kind: 'request',
    paths: [
      '$request.{GET,POST,body,COOKIES,META,FILES,headers,data,query_params,path_params,cookies,args,form,json,values,files,params,path,url,match_info,query,rel_url,query_string,forms,matchdict,json_body}',
      'self.request.{GET,POST,body,COOKIES,META,FILES,headers,data,query_params,arguments,query_arguments,body_arguments,uri,path,files,query}',
      'self.kwargs',
      '*.request.{GET,POST,COOKIES,META,query_params}',
      '$upload.filename',
      '*.cgi.FieldStorage()',
      'self.{headers,path,rfile}',
      '$event',
    ],
  },
  {
    language: 'python',
    kind: 'request',
    isCall: true,
    paths: [
      'self.{get_argument,get_arguments,get_query_argument,get_body_argument,get_cookie}',
      'cgi.FieldStorage',
      'self.rfile.{read,readline}',
    ],
  },
  {
    language: 'python',
    kind: 'input',
    isCall: true,
    paths: [
      'input',
      'raw_input',
      'getpass.getpass',
      'sys.stdin.{read,readline,readlines}',
      'click.prompt',
    ],
  },
  { language: 'python', kind: 'argv', paths: ['sys.argv'] },
  { language: 'python', kind: 'argv', isCall: true, paths: ['*.parse_args', '*.parse_known_args'] },
  { language: 'python', kind: 'env', paths: ['os.environ'] },
  { language: 'python', kind: 'env', isCall: true, paths: ['os.getenv', 'os.environ.get'] },
  {
    language: 'python',
    kind: 'network',
    isCall: true,
    paths: [
      '*.recv',
      '*.recvfrom',
      '{requests,httpx}.{get,post,put,request}',
      'urllib.request.urlopen',
      'urllib.urlopen',
      '*.receive_text',
      '*.receive_json',
      '*.receive_bytes',
    ],
  },
  {
    language: 'python',
    kind: 'file',
    isCall: true,
    paths: ['open().{read,readline,readlines}', 'io.open().read', '*.{read_text,read_bytes}'],
  },

  // Express, Fastify, Next, plain http
  {
    language: 'javascript',
    kind: 'request',
    paths: [
      '$req.{query,body,payload,params,headers,cookies,url,originalUrl,hostname,files,file,path,rawBody,signedCookies,host,referrer,rawHeaders,nextUrl,subdomains}',
      'this.req.{query,body,params,headers,cookies,url}',
      'this.request.{query,body,params,headers,url,path,originalUrl,querystring}',
      '$upload.originalname',
      '$ctx.{query,params,querystring,headers,header,url,originalUrl,path,href,host,hostname,search}',
      '$ctx.request.{body,query,headers,url,files,querystring,path,params}',
      '$ctx.req.{query,body,params,headers,url}',
      '$props.{params,searchParams}',
      '$event.{queryStringParameters,body,pathParameters,headers,multiValueQueryStringParameters,rawPath,rawQueryString,arguments}',
      '*.request.{query,body,params}',
    ],
  },
  {
    language: 'javascript',
    kind: 'request',
    isCall: true,
    paths: [
      '$req.{get,header,param,json,text,formData,arrayBuffer,blob}',
      '$ctx.{get,param,query}',
      '$ctx.req.{query,param,json,text,header,parseBody,formData}',
      '$ctx.request.{get}',
      'next/headers.{headers,cookies}',
      'event.request.json',
      'h3.{readBody,getQuery,getRouterParam}',
    ],
  },
  {
    language: 'javascript',
    kind: 'browser',
    paths: [
      'location.{search,hash}',
      'window.location.{search,hash}',
      'document.location.{search,hash}',
      'document.{referrer,cookie}',
      'window.name',
      '$event.data',
      '$event.originalEvent.data',
      '$route.query',
      'router.query',
      'next/router.useRouter().query',
      'this.$route.{query,params}',
      '*.$route.query',
    ],
  },
  {
    language: 'javascript',
    kind: 'browser',
    // Whatever else they contain, they begin with this site's own address.
    clean: contexts('redirect', 'url'),
    paths: [
      'location',
      'location.{href,pathname}',
      '{window,document,self}.location',
      '{window,document}.location.{href,pathname}',
      'document.{URL,documentURI,baseURI}',
    ],
  },
  {
    language: 'javascript',
    kind: 'browser',
    isCall: true,
    paths: [
      'next/navigation.useSearchParams',
      'react-router-dom.{useParams,useSearchParams,useLocation}',
      'react-router.{useParams,useSearchParams}',
      'prompt',
      'window.prompt',
    ],
  },
  { language: 'javascript', kind: 'argv', paths: ['process.argv'] },
  { language: 'javascript', kind: 'env', paths: ['process.env'] },

  // What a visitor types; it comes from the visitor alone unless something fills it in.
  {
    language: 'javascript',
    kind: 'input',
    paths: [
      '$event.target.value',
      '$event.currentTarget.value',
      'document.{getElementById,querySelector}().value',
    ],
  },
  { language: 'javascript', kind: 'input', isCall: true, mostArguments: 0, paths: ['*.val'] },
  {
    language: 'javascript',
    kind: 'input',
    clean: allBut('html'),
    isCall: true,
    mostArguments: 0,
    paths: ['{$,jQuery}().text'],
  },
  {
    language: 'javascript',
    kind: 'input',
    clean: allBut('html'),
    isCall: true,
    mostArguments: 1,
    paths: ['{$,jQuery}().{attr,data}'],
  },
  // Text of a page, that may say what it likes as long as it stays text.
  {
    language: 'javascript',
    kind: 'input',
    clean: allBut('html'),
    paths: ['*.{textContent,innerText}'],
  },
  // Names inside archives
  {
    language: 'javascript',
    kind: 'file',
    clean: allBut('archive'),
    paths: [
      '*.{entryName,fileName}',
      '*.entry.path',
      '*.header.name',
      '$entry.{path,name}',
      '$header.name',
      '$file.path',
      '$x.path',
      'jszip.{loadAsync,loadAsync()}.files',
      'jszip().{loadAsync,loadAsync()}.files',
      'jszip().files',
      '{$zip,$jszip,$archive}.files',
    ],
  },
  // Names of files: whoever may upload one chooses its name.
  {
    language: 'javascript',
    kind: 'file',
    clean: allBut('html'),
    isCall: true,
    paths: [
      'fs.readdirSync',
      'fs.promises.readdir',
      'fs/promises.readdir',
      '{fs-extra,graceful-fs}.readdirSync',
    ],
  },
  {
    language: 'python',
    kind: 'file',
    clean: allBut('archive'),
    isCall: true,
    paths: ['zipfile.ZipFile().{namelist,infolist}', 'tarfile.open().{getmembers,getnames}'],
  },
];
