/**
 * Runs before the first paint, so that neither theme nor language flashes. Inline by design: the server that hands out the pages hashes
 * it into the content security policy.
 */
export const themeScript = `(function(){try{var q=new URLSearchParams(location.search),d=document.documentElement,s=localStorage,t=q.get('theme')||s.getItem('skein.theme');if(t==='light'||t==='dark')d.dataset.theme=t;var l=q.get('lang')||s.getItem('skein.lang')||navigator.language;d.lang=/^zh/i.test(l)?'zh-CN':'en'}catch(e){}})()`
